using System.Text.RegularExpressions;

namespace Coupon.Tests.Architecture;

/// <summary>A source file without what is not code: comments, texts, usings and the namespace.</summary>
/// <param name="Room">The folder in its project, such as <c>Issuing/Outbox</c>, or one of <see cref="Root"/> and <see cref="Program"/>.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Code">The rest. Lines keep their numbers.</param>
internal sealed partial record SourceFile(string Room, string Name, string Code)
{
    /// <summary>The files beside the project file.</summary>
    public const string Root = "(root)";

    /// <summary>The entry point, which composes all rooms: nothing refers to it.</summary>
    public const string Program = "(program)";

    /// <summary>The types that the file declares outside of all others.</summary>
    public IEnumerable<string> Types =>
        Name.EndsWith(".razor", StringComparison.Ordinal)
            ? [Path.GetFileNameWithoutExtension(Name)]
            : Declarations().Matches(Code).Select(match => match.Groups["name"].Value);

    /// <summary>The extension methods that the file declares.</summary>
    public IEnumerable<string> ExtensionMethods => Extensions().Matches(Code).Select(match => match.Groups["name"].Value);

    /// <summary>The names of types that the file may use.</summary>
    public IEnumerable<string> Names => Identifiers().Matches(Code).Select(match => match.Value);

    /// <summary>The names of methods that the file calls on something.</summary>
    public IEnumerable<string> Calls => CalledMethods().Matches(Code).Select(match => match.Groups["name"].Value);

    /// <summary>Reads one.</summary>
    public static SourceFile Read(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        var at = relative.LastIndexOf('/');
        var name = relative[(at + 1)..];
        var room =
            at > 0 ? relative[..at]
            : name == "Program.cs" ? Program
            : Root;
        return new SourceFile(
            room,
            name,
            NoCode().Replace(File.ReadAllText(path), match => new string('\n', match.Value.Count(sign => sign == '\n')))
        );
    }

    /// <summary>Where a pattern is found, as <c>file:line</c>.</summary>
    public IEnumerable<string> Find(Regex pattern) =>
        pattern.Matches(Code).Select(match => $"{Room}/{Name}:{Code.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}");

    [GeneratedRegex(
        """
            //[^\n]*
            | /\*.*?\*/
            | @\*.*?\*@
            | ^\s*(?:global\s+)?(?:@?using|namespace)\s+(?!var\b)[\w.= ]+;?[ \t]*$
            | \$*"{3}.*?"{3,}
            | \$?@?\$?"(\\.|[^"\\\n])*"
            | '(\\.|[^'\\\n])'
            """,
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex NoCode();

    [GeneratedRegex(
        @"^(?:public|internal|file)\s[^\n;={(]*?\b(?:class|interface|enum|struct|record|delegate\s+\S+)\s+(?!struct\b|class\b)(?<name>[A-Z]\w*)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\b(?:public|internal)\s+static\s[^\n;={]*?\b(?<name>[A-Z]\w*)(?:<[^()\n]*>)?\(\s*this\s")]
    private static partial Regex Extensions();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Identifiers();

    [GeneratedRegex(@"\.(?<name>[A-Z]\w*)(?:<[^()\n]*>)?\(")]
    private static partial Regex CalledMethods();
}
