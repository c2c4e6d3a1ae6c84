using System.CommandLine;

namespace Coupon.Consumers.Commands;

/// <summary><c>resume</c>: ends a pause, and releases a valve that has shut.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var (output, by) = (CommonOptions.Output(), CommonOptions.By());
        var command = new Command("resume", "Resumes consumption in all instances, and lets dead letters pass a valve that has shut.") { output, by };
        command.SetAction(
            (parsed, cancellationToken) =>
                ConsumptionChange.RunAsync("resume", paused: false, reason: null, parsed.GetValue(by)!, parsed.GetValue(output), cancellationToken)
        );
        return command;
    }
}
