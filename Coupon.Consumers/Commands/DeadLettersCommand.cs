using System.CommandLine;

namespace Coupon.Consumers.Commands;

/// <summary><c>dead-letters</c>: the operations on messages that could not be written.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() =>
        new("dead-letters", "Lists, shows, replays and discards messages that could not be written.")
        {
            ListCommand.Create(),
            GroupsCommand.Create(),
            ShowCommand.Create(),
            ReplayCommand.Create(),
            DiscardCommand.Create(),
        };
}
