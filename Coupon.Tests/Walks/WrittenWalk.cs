using System.Text.RegularExpressions;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Walks;

/// <summary>The commands of a section of the README, each with the answer that stands below it.</summary>
internal static partial class WrittenWalk
{
    /// <summary>The first block of commands of a section.</summary>
    /// <param name="heading">The heading, without its signs.</param>
    public static IReadOnlyList<(string Command, string Answer)> Of(string heading)
    {
        var text = File.ReadAllText(Path.Combine(Snapshot.SourceFolder, "README.md"));
        var section = text[text.IndexOf($"## {heading}\n", StringComparison.Ordinal)..];
        var block = Block().Match(section).Groups["lines"].Value;
        return
        [
            .. block
                .Split("$ ", StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split('\n', 2))
                .Select(part => (part[0], part.Length > 1 ? part[1].Trim() : "")),
        ];
    }

    [GeneratedRegex("```console\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
