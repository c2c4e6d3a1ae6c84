using System.CommandLine;
using Coupon.Arguments;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

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
        var rate = new ValueOption<double?>("--rate", Values.Optional(Values.Fraction(Pace.Least, Pace.Most)))
        {
            Description = "Messages a second at most.",
        };
        var set = new ValuesOption<string>("--set", Values.Text("one of these, with a value", FindFault))
        {
            Description = "Changes the message first: coupon-id=, ordinal=, user-id= or issued-at=. The original stays in the audit.",
        };
        var command = new Command("replay", "Sends open dead letters back to the main topic; a row that is there already is not written twice.")
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
                        .SelectAsync(request.Filter.ForReplay(), request.Limit ?? int.MaxValue, cancellationToken);
                    if (parsed.GetValue(dryRun) || selection.Selected == 0)
                        return await OperationReport.DryRunAsync(selection, "replayed", parsed.GetValue(output));
                    if (await Confirmation.AskAsync($"Replay {Counted.Of(selection.Selected, "dead letter")}?", parsed.GetValue(yes)) is { } refused)
                        return refused;
                    // More entries may match by now than the question was about.
                    var action = RecordedCommand.Of("replay", request.Actor);
                    action.CouponId = request.Filter.CouponId;
                    request = request with { Confirmed = selection.Ids, Operation = action.Operation };
                    var progress = ConsoleProgress.OnStandardError(selection.Selected, services.GetRequiredService<TimeProvider>());
                    return await RecordedCommand.RunAsync(
                        services,
                        action,
                        () => services.GetRequiredService<DeadLetterReplay>().ReplayAsync(request, progress, cancellationToken),
                        "replayed",
                        parsed.GetValue(output),
                        cancellationToken
                    );
                })
        );
        return command;
    }

    private static string? FindFault(string change)
    {
        try
        {
            MessageEdit.Parse([change]);
            return null;
        }
        catch (FormatException exception)
        {
            return $"must be NAME=VALUE: {exception.Message.TrimEnd('.')}";
        }
    }
}
