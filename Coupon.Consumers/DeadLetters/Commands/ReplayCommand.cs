using System.CommandLine;

namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary><c>dead-letters replay</c>.</summary>
internal static class ReplayCommand
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
        var rate = CommonOptions.AboveZero(new Option<double?>("--rate") { Description = "Messages a second at most." });
        var set = new Option<string[]>("--set")
        {
            Description = "Changes the message first: coupon-id=, ordinal=, user-id= or issued-at=. The original stays in the audit.",
        };
        var command = new Command("replay", "Sends open dead letters back to the main topic; what is there already is not written twice.")
        {
            output,
            dryRun,
            yes,
            limit,
            by,
            rate,
            set,
        };
        filter.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var request = new ReplayRequest
                    {
                        Filter = filter.Read(parsed),
                        Actor = parsed.GetValue(by)!,
                        Rate = parsed.GetValue(rate),
                        Limit = parsed.GetValue(limit),
                        Edit = parsed.GetValue(set) is { Length: > 0 } changes ? MessageEdit.Parse(changes) : null,
                    };
                    var selection = await services
                        .GetRequiredService<DeadLetterQueries>()
                        .SelectAsync(DeadLetterReplay.Replayable(request.Filter), request.Limit ?? int.MaxValue, cancellationToken);
                    if (parsed.GetValue(dryRun) || selection.Meant == 0)
                        return await Outcome.DryRunAsync(selection, "replayed", parsed.GetValue(output));
                    if (await Confirmation.AskAsync($"Replay {selection.Meant} dead letters?", parsed.GetValue(yes)) is { } refused)
                        return refused;
                    // While the question stood there, more may have come that matches.
                    request = request with { Asked = selection.Ids };
                    var progress = ConsoleProgress.OnStandardError(selection.Meant, services.GetRequiredService<TimeProvider>());
                    var result = await services.GetRequiredService<DeadLetterReplay>().ReplayAsync(request, progress, cancellationToken);
                    return await Outcome.ReportAsync(result, "replayed", parsed.GetValue(output));
                })
        );
        return command;
    }
}
