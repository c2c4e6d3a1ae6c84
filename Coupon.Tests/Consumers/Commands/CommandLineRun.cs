using System.Diagnostics;
using Coupon.Sale.Deployment;

namespace Coupon.Tests.Consumers.Commands;

/// <summary>A command of Coupon.Consumers in a process without a terminal, as a script runs it.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Words)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>The program that runs another one on a terminal.</summary>
    public const string Script = "/usr/bin/script";

    public static async Task<CommandLineRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        return await RunAsync("dotnet", [ServiceFiles.Find("Coupon.Consumers"), .. arguments], environment, input: "");
    }

    /// <summary>A program of the repository, as infra/publish or the build leaves it.</summary>
    public static Task<CommandLineRun> OfAsync(string project, params string[] arguments) =>
        RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{project}.dll"), .. arguments], new Dictionary<string, string>(), input: "");

    /// <summary>Any program.</summary>
    public static Task<CommandLineRun> ProgramAsync(
        string program,
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        string input
    ) => RunAsync(program, arguments, environment, input);

    /// <summary>A program that is expected to end by itself.</summary>
    public static Task<CommandLineRun> RunProgramAsync(string project, IReadOnlyDictionary<string, string> environment) =>
        RunAsync("dotnet", [ServiceFiles.Find(project)], environment, input: "");

    /// <summary>The same on a terminal, by <c>script</c> of util-linux: standard output and standard error are both in the output.</summary>
    public static Task<CommandLineRun> OnTerminalAsync(IReadOnlyDictionary<string, string> environment, string typed, params string[] arguments) =>
        RunAsync(
            Script,
            ["-qec", string.Join(' ', ((string[])["dotnet", ServiceFiles.Find("Coupon.Consumers"), .. arguments]).Select(Quoted)), "/dev/null"],
            environment,
            typed
        );

    // script hands one line to a shell, which would split arguments at spaces.
    private static string Quoted(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static async Task<CommandLineRun> RunAsync(
        string program,
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        string input
    )
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ConsumerFixture.Stop);
            var words = process.StandardError.ReadToEndAsync(ConsumerFixture.Stop);
            await Task.WhenAll(output, words, process.WaitForExitAsync(ConsumerFixture.Stop)).WaitAsync(_patience, ConsumerFixture.Stop);
            return new CommandLineRun(process.ExitCode, await output, await words);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
