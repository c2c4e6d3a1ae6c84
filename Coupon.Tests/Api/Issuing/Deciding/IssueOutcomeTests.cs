using System.Globalization;
using System.Text.RegularExpressions;
using Coupon.Api.Issuing;
using Coupon.Stock;

namespace Coupon.Tests.Api.Issuing.Deciding;

[NeedsNothing]
public sealed partial class IssueOutcomeTests
{
    [Fact]
    public void The_script_and_the_enum_give_every_outcome_the_same_number()
    {
        var match = Constants().Match(StockScript.Embedded(typeof(IssueOutcome).Assembly, "issue.lua").Text);
        var names = match
            .Groups["names"]
            .Value.Split(',', StringSplitOptions.TrimEntries)
            .Select(name => name.Replace("_", "", StringComparison.Ordinal));
        var numbers = match.Groups["numbers"].Value.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture));

        var script = names.Zip(numbers, (name, number) => $"{number} {name}".ToUpperInvariant());
        var code = Enum.GetValues<IssueOutcome>().Select(outcome => $"{(int)outcome} {outcome}".ToUpperInvariant());

        Assert.Equal(code, script);
    }

    [Fact]
    public void A_script_that_is_missing_in_the_build_stops_the_start()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => StockScript.Embedded(typeof(IssueOutcome).Assembly, "missing.lua"));
        Assert.Contains("missing.lua", thrown.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^local (?<names>NOT_LOADED[A-Z_, ]*) = (?<numbers>[0-9, ]+)$", RegexOptions.Multiline)]
    private static partial Regex Constants();
}
