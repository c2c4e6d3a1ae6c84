using System.CommandLine;

namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary><c>dead-letters</c>: what operators do with what could not be written.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() =>
        new("dead-letters", "Lists, shows, replays and discards what could not be written.")
        {
            ListCommand.Create(),
            GroupsCommand.Create(),
            ShowCommand.Create(),
            ReplayCommand.Create(),
            DiscardCommand.Create(),
        };
}
