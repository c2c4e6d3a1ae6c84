using Coupon.Tests.Consumers.Commands;

namespace Coupon.Tests.Arguments;

/// <summary>The programs as processes: what is wrong with a command line is on standard error, and nothing else is written.</summary>
public sealed class RefusingProgramTests
{
    [Theory]
    [InlineData("Coupon.Consumers", "--limit must be a whole number", "dead-letters", "list", "--limit", "abc")]
    [InlineData("Coupon.Consumers", "--rate must be a number", "dead-letters", "replay", "--rate", "abc")]
    [InlineData("Coupon.Consumers", "--output must be one of table, json", "balance", "--output", "xml")]
    [InlineData("Coupon.Sale", "--users must be a whole number from 1 to 1000000", "--users", "abc")]
    [InlineData("Coupon.Sale", "--stock must be a whole number from 1 to 1000000000", "--stock", "5000000000")]
    [InlineData("Coupon.Benchmarks", "--seconds must be a whole number", "accept", "--seconds", "0")]
    [InlineData("Coupon.Faults", "--seed must be a whole number", "--seed", "0")]
    [InlineData("Coupon.Faults", "--without must be one of unique-key, ", "--without", "everything")]
    [InlineData("Coupon.LocalServers", "BROKERS must be a whole number", "mock-kafka", "abc")]
    [InlineData("Coupon.LocalServers", "must be one of redis, kafka, mysql", "start", "mongo")]
    [InlineData("Coupon.LocalServers", "There is no command 'burn'", "burn")]
    public async Task A_wrong_command_line_ends_with_2_and_one_line_on_standard_error(string program, string fault, params string[] arguments)
    {
        var run = await CommandLineRun.OfAsync(program, arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(fault, Assert.Single(run.Words.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Coupon.Consumers")]
    [InlineData("Coupon.Sale")]
    [InlineData("Coupon.Benchmarks")]
    [InlineData("Coupon.Faults")]
    [InlineData("Coupon.LocalServers")]
    public async Task Help_is_on_standard_output(string program)
    {
        var run = await CommandLineRun.OfAsync(program, "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Words));
        Assert.Contains("usage", run.Output, StringComparison.OrdinalIgnoreCase);
    }
}
