using System.CommandLine;
using Coupon.Arguments;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary><c>dead-letters discard</c>.</summary>
internal static class DiscardCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        var (output, dryRun, yes, limit, by) = (
            CommonOptions.Output(),
            CommonOptions.DryRun(),
            CommonOptions.Yes(),
            CommonOptions.Limit(),
            CommonOptions.By()
        );
        var reason = new ValueOption<string>("--reason", Values.Text("a text of 1 to 1,000 characters", DiscardReason.FindFault))
        {
            Description = "The reason, for the audit.",
            Required = true,
        };
        var returnSeat = new Option<bool>("--return-seat") { Description = "Give the seat back to the stock; its user may press again." };
        var command = new Command("discard", "Gives open dead letters up for good: their ordinals are voided and never written.")
        {
            output,
            dryRun,
            yes,
            limit,
            by,
            reason,
            returnSeat,
        };
        filter.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var request = new DiscardRequest
                    {
                        Filter = filter.Read(parsed),
                        Actor = parsed.GetValue(by)!,
                        Reason = parsed.GetValue(reason)!,
                        ReturnSeat = parsed.GetValue(returnSeat),
                        Limit = parsed.GetValue(limit),
                    };
                    var selection = await services
                        .GetRequiredService<DeadLetterQueries>()
                        .SelectAsync(request.Filter.ForDiscard(), request.Limit ?? int.MaxValue, cancellationToken);
                    if (parsed.GetValue(dryRun) || selection.Selected == 0)
                        return await OperationReport.DryRunAsync(selection, "discarded", parsed.GetValue(output));
                    var seats = selection.Selected == 1 ? "its seat" : "their seats";
                    var andSeats = request.ReturnSeat ? $"and return {seats}" : $"without returning {seats}";
                    if (
                        await Confirmation.AskAsync(
                            $"Discard {Counted.Of(selection.Selected, "dead letter")} for good {andSeats}?",
                            parsed.GetValue(yes)
                        ) is
                        { } refused
                    )
                        return refused;
                    // More entries may match by now than the question was about.
                    var action = RecordedCommand.Of("discard", request.Actor);
                    action.CouponId = request.Filter.CouponId;
                    request = request with { Confirmed = selection.Ids, Operation = action.Operation };
                    var progress = ConsoleProgress.OnStandardError(selection.Selected, services.GetRequiredService<TimeProvider>());
                    return await RecordedCommand.RunAsync(
                        services,
                        action,
                        () => services.GetRequiredService<DeadLetterDiscard>().DiscardAsync(request, progress, cancellationToken),
                        "discarded",
                        parsed.GetValue(output),
                        cancellationToken
                    );
                })
        );
        return command;
    }
}
