using System.Runtime.Versioning;
using Coupon.Tests.Arguments;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Deployment;

/// <summary>The scripts under infra say what they do before they install or build anything.</summary>
[SupportedOSPlatform("linux")]
public sealed class ScriptHelpTests : IDisposable
{
    private static readonly string[] _tools = ["dotnet", "apt-get", "sudo", "npm", "docker", "k6", "wrk", "spin"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coupon-tools-");

    public static TheoryData<string> Scripts =>
        [
            "run",
            "test",
            "faults",
            "benchmark",
            "load",
            "publish",
            "check-style",
            "install-servers",
            "model/check",
            "model/story",
            "deployment/docker/check",
            "deployment/docker/debian",
            "deployment/docker/engine",
            "deployment/docker/stand-ins",
        ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Help_needs_no_tool_and_ends_with_0(string script)
    {
        var run = await RunAsync(script, "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Words));
        Assert.StartsWith("usage: infra/" + script, run.Output, StringComparison.Ordinal);
        Assert.Empty(Called);
    }

    [Theory]
    [InlineData("run", "--users", "abc")]
    [InlineData("run", "--users=abc")]
    [InlineData("run", "--users")]
    [InlineData("run", "--user", "5")]
    [InlineData("test", "--quik")]
    [InlineData("faults", "--runs", "abc")]
    [InlineData("faults", "--runs")]
    [InlineData("faults", "--seed", "-1")]
    [InlineData("faults", "--keep", "1;2")]
    [InlineData("faults", "--parallel", "two")]
    [InlineData("faults", "--stack", "1")]
    [InlineData("faults", "--faults", "flush redis")]
    [InlineData("faults", "--without", "")]
    [InlineData("faults", "--run", "5")]
    [InlineData("benchmark", "sell")]
    [InlineData("benchmark")]
    [InlineData("load", "nothing")]
    [InlineData("publish")]
    [InlineData("publish", "--fast")]
    [InlineData("check-style", "--fixx")]
    [InlineData("install-servers", "--for-test")]
    [InlineData("model/story")]
    [InlineData("deployment/docker/check", "--fast")]
    [InlineData("deployment/docker/debian", "folder")]
    [InlineData("deployment/docker/engine", "restart", "folder")]
    [InlineData("deployment/docker/stand-ins")]
    [InlineData("deployment/docker/stand-ins", "--all")]
    public async Task A_wrong_command_line_ends_with_2_before_anything_is_installed_or_built(string script, params string[] arguments)
    {
        var run = await RunAsync(script, arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("infra/" + script, run.Words, StringComparison.Ordinal);
        Assert.Empty(Called);
    }

    [Theory]
    [InlineData("run", "Coupon.Sale", "")]
    [InlineData("faults", "Coupon.Faults", "")]
    [InlineData("benchmark", "Coupon.Benchmarks", "")]
    [InlineData("benchmark", "Coupon.Benchmarks", "accept")]
    [InlineData("benchmark", "Coupon.Benchmarks", "consume")]
    [InlineData("benchmark", "Coupon.Benchmarks", "sale")]
    [InlineData("benchmark", "Coupon.Benchmarks", "rider")]
    public async Task Help_names_every_option_of_its_program(string script, string program, string path)
    {
        var help = (await RunAsync(script, "--help")).Output;

        var command = CommandLines.Commands(CommandLines.RootOf(program)).Single(each => string.Join(' ', each.Path) == path).Command;

        Assert.All(CommandLines.OptionsOf(command), option => Assert.Contains($"{option.Name} ", help, StringComparison.Ordinal));
        if (script == "benchmark")
            Assert.All(command.Subcommands.Where(sub => !sub.Hidden), sub => Assert.Contains($"  {sub.Name} ", help, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private IEnumerable<string> Called => _folder.EnumerateFiles("called-*").Select(file => file.Name);

    /// <summary>Runs a script where every tool that it may use only notes that it was called.</summary>
    private async Task<CommandLineRun> RunAsync(string script, params string[] arguments)
    {
        foreach (var tool in _tools)
        {
            var file = Path.Combine(_folder.FullName, tool);
            await File.WriteAllTextAsync(file, $"#!/bin/sh\n: >'{_folder.FullName}/called-{tool}'\nexit 1\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var environment = new Dictionary<string, string> { ["PATH"] = $"{_folder.FullName}:/usr/bin:/bin" };
        return await CommandLineRun.ProgramAsync(Path.Combine(Snapshot.SourceFolder, "infra", script), arguments, environment, input: "");
    }
}
