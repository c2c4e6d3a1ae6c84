using Coupon.Consumers.Commands;

namespace Coupon.Tests.Consumers.Commands;

/// <summary>The completion script in a real bash.</summary>
public sealed class ShellCompletionTests
{
    [Theory]
    [InlineData("Coupon.Consumers dead", "dead-letters")]
    [InlineData("Coupon.Consumers dead-letters re", "replay")]
    [InlineData("Coupon.Consumers dead-letters list --st", "--state")]
    [InlineData("Coupon.Consumers dead-letters list --state re", "replayed resolved")]
    [InlineData("Coupon.Consumers dead-letters list --coupon 17 --cause ord", "ordinal-taken ordinal-voided")]
    [InlineData("Coupon.Consumers balance -o ", "json table")]
    [InlineData("Coupon.Consumers completion ", "bash zsh --help")]
    [InlineData("Coupon.Consumers dead-letters list --since ", "")]
    [InlineData("Coupon.Consumers coupons ", "list show restock close --help")]
    [InlineData("Coupon.Consumers coupons restock --q", "--quantity")]
    public async Task Bash_completes_what_fits(string typed, string completed)
    {
        var words = string.Join(' ', typed.Split(' ').Select(word => $"'{word}'"));
        var script = $"""
            {ShellCompletion.Script(CommandLine.Root(), forZsh: false)}
            COMP_WORDS=({words})
            COMP_CWORD={typed.Split(' ').Length - 1}
            _coupon_consumers
            echo "${"{COMPREPLY[*]}"}"
            complete -p Coupon.Consumers >&2
            """;

        var run = await CommandLineRun.ProgramAsync("bash", ["--norc", "-u"], new Dictionary<string, string>(), script);

        Assert.Equal((0, completed), (run.ExitCode, run.Output.TrimEnd('\n')));
        Assert.Contains("-F _coupon_consumers Coupon.Consumers", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_writes_the_script()
    {
        var run = await CommandLineRun.OfAsync("Coupon.Consumers", "completion", "bash");
        var zsh = await CommandLineRun.OfAsync("Coupon.Consumers", "completion", "zsh");

        Assert.Equal((0, ""), (run.ExitCode, run.Words));
        Assert.Equal(ShellCompletion.Script(CommandLine.Root(), forZsh: false), run.Output);
        Assert.StartsWith("autoload", zsh.Output, StringComparison.Ordinal);
    }
}
