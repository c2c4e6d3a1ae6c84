using System.CommandLine;
using Coupon.Consumers.DeadLetters.Commands;
using Coupon.Consumers.Migrations;
using Coupon.Consumers.Stock;

namespace Coupon.Consumers;

/// <summary>The commands of this program. Without one it consumes.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        // The default ends the process two seconds after a Ctrl-C: a replay that has been sent would not be marked, and an edit not be in the audit.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    private static RootCommand Root() =>
        new("Writes what was issued to MySQL. Without a command: consumes until it is stopped.")
        {
            MigrateCommand.Create(),
            DeadLettersCommand.Create(),
            BalanceCommand.Create(),
            RebuildCommand.Create(),
        };
}
