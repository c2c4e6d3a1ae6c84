using System.CommandLine;
using System.Globalization;
using Coupon.Arguments;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary><c>dead-letters show ID</c>.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var id = new ValueArgument<long>("id", Values.Whole(1, long.MaxValue)) { Description = "The entry." };
        var output = CommonOptions.Output();
        var command = new Command("show", "Shows one dead letter: payload, headers, exception and audit.") { id, output };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    if (await services.GetRequiredService<DeadLetterQueries>().FindAsync(parsed.GetValue(id), cancellationToken) is not { } details)
                    {
                        await Console.Error.WriteLineAsync($"There is no dead letter {parsed.GetValue(id)}.");
                        return ExitCodes.NothingMatched;
                    }
                    var view = DeadLetterView.Of(details);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(view);
                    else
                        Write(view);
                    return ExitCodes.Done;
                })
        );
        return command;
    }

    private static void Write(DeadLetterView view)
    {
        var letter = view.Summary;
        Printing.WriteTable(
            ["dead letter", letter.Id.ToString(CultureInfo.InvariantCulture)],
            [
                ["state", letter.State.ToString()],
                ["cause", letter.Cause],
                ["origin", letter.Origin],
                ["coupon / ordinal / user", $"{letter.CouponId} / {letter.Ordinal} / {letter.UserId}"],
                ["attempts, replays", $"{letter.Attempts}, {letter.ReplayCount}"],
                ["first failed (UTC)", Printing.Time(letter.FirstFailedAt)],
                ["last failed (UTC)", Printing.Time(letter.LastFailedAt)],
                ["exception", $"{view.ExceptionType}: {view.ExceptionMessage}"],
                ["trace", view.TraceId ?? "–"],
                ["key", view.Key?.ToString() ?? "(none)"],
                ["value", view.Value?.ToString() ?? "(none)"],
                .. view.Headers.Select(header => (string[])[$"header {header.Name}", header.Value?.ToString() ?? "(none)"]),
            ]
        );
        Printing.WriteTable(
            ["at (UTC)", "actor", "action", "detail"],
            view.Audit.Select(entry => (string[])[Printing.Time(entry.At), entry.Actor, entry.Action.ToString(), entry.Detail ?? ""])
        );
    }
}
