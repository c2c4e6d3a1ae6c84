using System.CommandLine;
using Coupon.Arguments;
using Coupon.Consumers.Consumption;

namespace Coupon.Consumers.Commands;

/// <summary><c>pause</c>: stops consumption in all instances.</summary>
internal static class PauseCommand
{
    public static Command Create()
    {
        var reason = new ValueOption<string>("--reason", Values.Text("a text of 1 to 500 characters", PauseReason.FindFault))
        {
            Description = "The reason, which health and the console show.",
            Required = true,
        };
        var (output, by) = (CommonOptions.Output(), CommonOptions.By());
        var command = new Command("pause", "Pauses consumption in all instances, until 'resume'. Coupons are issued all the same.")
        {
            reason,
            output,
            by,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                ConsumptionChange.RunAsync(
                    "pause",
                    paused: true,
                    parsed.GetValue(reason),
                    parsed.GetValue(by)!,
                    parsed.GetValue(output),
                    cancellationToken
                )
        );
        return command;
    }
}
