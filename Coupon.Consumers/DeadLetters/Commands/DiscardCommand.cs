using System.CommandLine;

namespace Coupon.Consumers.DeadLetters.Commands;

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
        var reason = new Option<string>("--reason") { Description = "Why, for the audit.", Required = true };
        reason.Validators.Add(result =>
        {
            if (DiscardReason.FindFault(result.GetValueOrDefault<string>()) is { } fault)
                result.AddError("--" + fault);
        });
        var returnSeat = new Option<bool>("--return-seat") { Description = "Give the seat back to the stock; its user may ask again." };
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
                        .SelectAsync(DeadLetterDiscard.Discardable(request.Filter), request.Limit ?? int.MaxValue, cancellationToken);
                    if (parsed.GetValue(dryRun) || selection.Meant == 0)
                        return await Outcome.DryRunAsync(selection, "discarded", parsed.GetValue(output));
                    var seats = request.ReturnSeat ? "and return their seats" : "without returning their seats";
                    if (await Confirmation.AskAsync($"Discard {selection.Meant} dead letters for good {seats}?", parsed.GetValue(yes)) is { } refused)
                        return refused;
                    // While the question stood there, more may have come that matches.
                    request = request with { Asked = selection.Ids };
                    var progress = ConsoleProgress.OnStandardError(selection.Meant, services.GetRequiredService<TimeProvider>());
                    var result = await services.GetRequiredService<DeadLetterDiscard>().DiscardAsync(request, progress, cancellationToken);
                    return await Outcome.ReportAsync(result, "discarded", parsed.GetValue(output));
                })
        );
        return command;
    }
}
