using System.CommandLine;
using System.Globalization;
using Coupon.Arguments;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary><c>dead-letters list</c>.</summary>
internal static class ListCommand
{
    private const int DefaultLimit = 100;

    public static Command Create()
    {
        var (filter, output) = (new FilterOptions(), CommonOptions.Output());
        var limit = CommonOptions.Limit(DefaultLimit);
        var after = new ValueOption<long>("--after", Values.Whole(0L, long.MaxValue)) { Description = "Only entries after this id: the next page." };
        var command = new Command("list", "Lists dead letters in the order in which they were recorded.") { output, limit, after };
        filter.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var letters = await services
                        .GetRequiredService<DeadLetterQueries>()
                        .ListAsync(filter.Read(parsed), parsed.GetValue(after), parsed.GetValue(limit), cancellationToken);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(letters);
                    else if (letters.Count > 0)
                        Printing.WriteTable(
                            ["id", "state", "cause", "coupon", "ordinal", "user", "origin", "attempts", "replays", "last failed (UTC)", "reason"],
                            letters.Select(Row)
                        );
                    return letters.Count > 0 ? ExitCodes.Done : ExitCodes.NothingMatched;
                })
        );
        return command;
    }

    private static string[] Row(DeadLetterSummary letter) =>
        [
            Text(letter.Id),
            letter.State.ToString(),
            letter.Cause,
            Text(letter.CouponId),
            Text(letter.Ordinal),
            Text(letter.UserId),
            letter.Origin,
            Text(letter.Attempts),
            Text(letter.ReplayCount),
            Printing.Time(letter.LastFailedAt),
            letter.Reason ?? "",
        ];

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "–";
}
