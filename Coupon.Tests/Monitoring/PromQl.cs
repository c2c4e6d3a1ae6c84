using System.Text.RegularExpressions;

namespace Coupon.Tests.Monitoring;

/// <summary>As much of Prometheus' language as is needed to see which metrics and labels an expression asks for.</summary>
internal static partial class PromQl
{
    /// <summary>The names of the metrics, without <c>up</c>, which Prometheus makes itself.</summary>
    public static IEnumerable<string> Metrics(string expression) =>
        Names()
            .Matches(Grouping().Replace(Range().Replace(Selector().Replace(expression, ""), ""), " "))
            .Select(match => match.Value)
            .Where(name => name != "up")
            .Distinct();

    /// <summary>The labels that it groups or selects by, without those that Prometheus adds when it scrapes.</summary>
    public static IEnumerable<string> Labels(string expression) =>
        Grouping()
            .Matches(expression)
            .SelectMany(match => match.Groups["labels"].Value.Split(','))
            .Concat(Selector().Matches(expression).SelectMany(match => Label().Matches(match.Value).Select(label => label.Groups["label"].Value)))
            .Select(label => label.Trim())
            .Except(["job", "instance"]);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>[a-z_]+)\s*(=~|=|!=|!~)")]
    private static partial Regex Label();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|without)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    // Not followed by a parenthesis, which would make it a function; and no operator.
    [GeneratedRegex(@"\b(?!(?:and|or|unless|offset|bool|on|sum|max|min|avg|count)\b)[a-z_][a-z0-9_]*\b(?!\s*\()")]
    private static partial Regex Names();
}
