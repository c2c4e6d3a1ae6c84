using System.CommandLine;
using System.Globalization;
using Coupon.Stock.Balance;

namespace Coupon.Consumers.Commands;

/// <summary><c>balance</c>: the place of every seat, and the ordinals of those that are missing.</summary>
internal static class BalanceCommand
{
    private static readonly string[] _columns =
    [
        "coupon",
        "total",
        "remaining",
        "outbox",
        "in Kafka",
        "persisted",
        "open dead letters",
        "voided",
        "missing",
        "adds up",
    ];

    public static Command Create()
    {
        var coupon = CommonOptions.Coupon("This coupon; default: all that Redis has, and all that have not ended or ended within the last day.");
        var output = CommonOptions.Output();
        var command = new Command(
            "balance",
            "Counts the seats of a coupon by place, without stopping the sale. Exits with 1 if a seat is not accounted for."
        )
        {
            coupon,
            output,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var reader = services.GetRequiredService<BalanceReader>();
                    var coupons = parsed.GetValue(coupon) is { } one ? [one] : await reader.CurrentCouponsAsync(cancellationToken);
                    var balances = await reader.ReadAsync(coupons, cancellationToken);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(balances);
                    else if (balances.Count > 0)
                        Printing.WriteTable(_columns, balances.Select(Row));
                    if (balances.Count == 0)
                    {
                        await Console.Error.WriteLineAsync("There is no such coupon.");
                        return ExitCodes.NothingMatched;
                    }

                    foreach (var wrong in balances.Where(balance => !balance.AddsUp))
                        await Console.Error.WriteLineAsync(Describe(wrong));
                    return balances.All(balance => balance.AddsUp) ? ExitCodes.Done : ExitCodes.Failed;
                })
        );
        return command;
    }

    private static string[] Row(CouponBalance balance) =>
        [
            Text(balance.CouponId),
            Text(balance.Total),
            Text(balance.Remaining),
            Text(balance.Outbox),
            Text(balance.InKafka),
            Text(balance.Persisted),
            Text(balance.OpenDeadLetters),
            Text(balance.Voided),
            Text(balance.MissingCount),
            balance.AddsUp ? "yes" : "NO",
        ];

    private static string Describe(CouponBalance balance)
    {
        var parts = new List<string>();
        if (balance.Unverified is { } unverified)
            parts.Add($"it is not known whether it adds up: {unverified.TrimEnd('.')}");
        if (balance.MissingCount > 0)
            parts.Add(
                $"{Counted.Of(balance.MissingCount, "ordinal is", "ordinals are")} nowhere: {string.Join(", ", balance.Missing)}"
                    + $"{(balance.MissingCount > balance.Missing.Count ? ", …" : "")}"
            );
        if (balance.AheadOfRedis > 0)
            parts.Add($"MySQL is {Counted.Of(balance.AheadOfRedis, "ordinal")} ahead of Redis: run 'rebuild --coupon {balance.CouponId}'");
        if (balance.Voided < 0)
            parts.Add($"{Counted.Of(-balance.Voided, "seat was", "seats were")} returned whose issuance turned up after all");
        if (balance.Total != balance.Accounted + balance.MissingCount)
            parts.Add($"{Counted.Of(balance.Total, "seat")} in all, {balance.Accounted + balance.MissingCount} accounted for");
        return $"Coupon {balance.CouponId}: {string.Join("; ", parts)}.";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
