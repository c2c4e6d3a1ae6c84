using System.Text.RegularExpressions;

namespace Coupon.Tests.KafkaRider;

/// <summary>
/// The folders of the rider refer to each other in one direction. Read from the sources: a file refers to a folder where it names a type that the
/// folder
/// declares.
/// </summary>
public sealed partial class RiderFoldersTests
{
    private const string Root = "(root)";

    [Fact]
    public void Folders_form_no_circle()
    {
        var files = Files();
        var owners = files
            .SelectMany(file => Declarations().Matches(file.Code).Select(match => (Name: match.Groups["name"].Value, file.Folder)))
            .GroupBy(type => type.Name)
            .ToDictionary(type => type.Key, type => type.Select(declared => declared.Folder).Distinct().ToList());
        Assert.All(owners, type => Assert.Single(type.Value));
        var references = files
            .SelectMany(file =>
                Identifiers()
                    .Matches(file.Code)
                    .Select(match =>
                        (From: file.Folder, To: owners.GetValueOrDefault(match.Value)?[0] ?? file.Folder, Because: $"{file.Name} names {match.Value}")
                    )
            )
            .Where(reference => reference.From != reference.To)
            .ToList();
        Assert.True(references.Select(reference => reference.To).Distinct().Count() >= 4, "The sources were not read.");

        var left = files.Select(file => file.Folder).ToHashSet();
        while (left.FirstOrDefault(folder => !references.Exists(reference => reference.From == folder && left.Contains(reference.To))) is { } free)
            left.Remove(free);

        Assert.True(
            left.Count == 0,
            string.Join(
                '\n',
                references
                    .Where(reference => left.Contains(reference.From) && left.Contains(reference.To))
                    .GroupBy(reference => (reference.From, reference.To))
                    .Select(pair =>
                        $"{pair.Key.From} -> {pair.Key.To}: {string.Join(", ", pair.Select(reference => reference.Because).Distinct().Take(3))}"
                    )
            )
        );
    }

    private static List<(string Folder, string Name, string Code)> Files() =>
        [
            .. Directory
                .EnumerateFiles(RiderSources.Folder, "*.cs", SearchOption.AllDirectories)
                .Select(file => (File: file, Parts: Path.GetRelativePath(RiderSources.Folder, file).Split(Path.DirectorySeparatorChar)))
                .Where(file => file.Parts[0] is not ("bin" or "obj"))
                .Select(file =>
                    (file.Parts.Length == 1 ? Root : file.Parts[0], Path.GetFileName(file.File), NoCode().Replace(File.ReadAllText(file.File), " "))
                ),
        ];

    [GeneratedRegex(
        """//[^\n]*|/\*.*?\*/|^\s*(using|namespace)\s[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])'""",
        RegexOptions.Singleline | RegexOptions.Multiline
    )]
    private static partial Regex NoCode();

    [GeneratedRegex(
        @"^(?:public|internal)\s[^\n;={(]*?\b(?:class|interface|enum|struct|record|delegate\s+\S+)\s+(?!struct\b|class\b)(?<name>[A-Z]\w*)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declarations();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Identifiers();
}
