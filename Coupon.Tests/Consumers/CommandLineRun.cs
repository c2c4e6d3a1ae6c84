using System.Diagnostics;
using Coupon.Sale.Deployment;

namespace Coupon.Tests.Consumers;

/// <summary>A command of Coupon.Consumers as the shell runs it: a process without a terminal.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Words)
{
    public static async Task<CommandLineRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[ServiceFiles.Find("Coupon.Consumers"), .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ConsumerBench.Stop);
        var words = process.StandardError.ReadToEndAsync(ConsumerBench.Stop);
        await process.WaitForExitAsync(ConsumerBench.Stop);
        return new CommandLineRun(process.ExitCode, await output, await words);
    }
}
