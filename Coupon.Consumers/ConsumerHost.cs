namespace Coupon.Consumers;

/// <summary>The long-running process: consumes, and serves health and metrics.</summary>
internal static class ConsumerHost
{
    /// <summary>No argument, or only settings of the host (<c>--urls …</c>): the process is meant, not a command.</summary>
    public static bool IsMeantBy(string[] args) =>
        args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"));

    public static async Task<int> RunAsync(string[] args)
    {
        var app = WebApplication.CreateBuilder(args).Build();
        await app.RunAsync();
        return ExitCodes.Done;
    }
}
