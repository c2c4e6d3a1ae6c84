using System.CommandLine;

namespace Coupon.Consumers.Commands;

/// <summary>The commands of this program. Without one, it consumes.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        // The default ends the process two seconds after Ctrl-C, perhaps between the sending of a replay and its mark in the ledger.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    private static RootCommand Root() =>
        new("Writes issued coupons to MySQL. Without a command, consumes until it is stopped.")
        {
            MigrateCommand.Create(),
            DeadLettersCommand.Create(),
            BalanceCommand.Create(),
            RebuildCommand.Create(),
        };
}
