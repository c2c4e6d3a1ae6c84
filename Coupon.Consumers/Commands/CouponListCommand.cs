using System.CommandLine;
using System.Globalization;
using Coupon.Arguments;
using Coupon.Consumers.Coupons;
using Coupon.Consumers.Operators;

namespace Coupon.Consumers.Commands;

/// <summary><c>coupons list</c>.</summary>
internal static class CouponListCommand
{
    private const int DefaultLimit = 50;

    private static readonly string[] _stages = [.. EnumText.NamesOf<CouponStage>()];
    private static readonly string[] _columns = ["id", "stage", "total", "persisted", "voided", "opens (UTC)", "closes (UTC)", "title"];

    public static Command Create()
    {
        var stage = new ValueOption<CouponStage?>("--stage", Values.Choice(_stages, name => (CouponStage?)Enum.Parse<CouponStage>(name, true)))
        {
            Description = $"In this stage: {string.Join(", ", _stages)}.",
        };
        var before = new ValueOption<long>("--before", Values.Whole(1, long.MaxValue))
        {
            Description = "Only coupons with a smaller id: the next page.",
            DefaultValueFactory = _ => long.MaxValue,
        };
        var (output, limit) = (CommonOptions.Output(), CommonOptions.Limit(DefaultLimit));
        var command = new Command("list", "Lists coupons, the newest first.") { output, stage, limit, before };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var coupons = await services
                        .GetRequiredService<CouponQueries>()
                        .ListAsync(parsed.GetValue(stage), parsed.GetValue(before), parsed.GetValue(limit), cancellationToken);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(coupons);
                    else if (coupons.Count > 0)
                        Printing.WriteTable(_columns, coupons.Select(Row));
                    return coupons.Count > 0 ? ExitCodes.Done : ExitCodes.NothingMatched;
                })
        );
        return command;
    }

    private static string[] Row(CouponView coupon) =>
        [
            Text(coupon.Id),
            coupon.Stage.ToString(),
            Text(coupon.TotalQuantity),
            Text(coupon.Persisted),
            Text(coupon.Voided),
            Printing.Time(coupon.OpensAt),
            // A coupon that was closed by hand ended then, whatever its window says.
            Printing.Time(coupon.ClosedAt ?? coupon.ClosesAt),
            coupon.Title,
        ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
