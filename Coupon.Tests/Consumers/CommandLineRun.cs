using System.Diagnostics;
using Coupon.Sale.Deployment;

namespace Coupon.Tests.Consumers;

/// <summary>A command of Coupon.Consumers as the shell runs it: a process without a terminal.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Words)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>The program that lends a terminal.</summary>
    public const string Script = "/usr/bin/script";

    public static async Task<CommandLineRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        return await RunAsync("dotnet", [ServiceFiles.Find("Coupon.Consumers"), .. arguments], environment, input: "");
    }

    /// <summary>A program that is not expected to stay.</summary>
    public static Task<CommandLineRun> RunProgramAsync(string project, IReadOnlyDictionary<string, string> environment) =>
        RunAsync("dotnet", [ServiceFiles.Find(project)], environment, input: "");

    /// <summary>The same on a terminal, by <c>script</c> of util-linux: everything that it prints is output then.</summary>
    public static Task<CommandLineRun> OnTerminalAsync(IReadOnlyDictionary<string, string> environment, string typed, params string[] arguments) =>
        RunAsync(
            Script,
            ["-qec", string.Join(' ', ((string[])["dotnet", ServiceFiles.Find("Coupon.Consumers"), .. arguments]).Select(Quoted)), "/dev/null"],
            environment,
            typed
        );

    // It hands one line to a shell, which would take apart what has a space in it.
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
            var output = process.StandardOutput.ReadToEndAsync(ConsumerBench.Stop);
            var words = process.StandardError.ReadToEndAsync(ConsumerBench.Stop);
            await Task.WhenAll(output, words, process.WaitForExitAsync(ConsumerBench.Stop)).WaitAsync(_patience, ConsumerBench.Stop);
            return new CommandLineRun(process.ExitCode, await output, await words);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
