using System.CommandLine;
using Coupon.Arguments;

namespace Coupon.Consumers.Commands;

/// <summary>The commands of this program. Without one, it consumes.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args) => CommandRun.RunAsync(Root(), args);

    /// <summary>All commands.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Writes issued coupons to MySQL. Without a command, consumes until it is stopped.")
        {
            MigrateCommand.Create(),
            StatusCommand.Create(),
            PauseCommand.Create(),
            ResumeCommand.Create(),
            CouponsCommand.Create(),
            DeadLettersCommand.Create(),
            BalanceCommand.Create(),
            RebuildCommand.Create(),
        };
        root.Add(CompletionCommand.Create(root));
        return root;
    }
}
