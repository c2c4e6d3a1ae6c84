using Confluent.Kafka;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Balance;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.Monitoring;

/// <summary>Reads the overview. Figures that Redis or Kafka cannot give at the moment are left out; MySQL is needed.</summary>
internal sealed class OverviewReader(
    ConsumptionSwitch consumption,
    ConsumptionState state,
    DeadLetterQueries deadLetters,
    IDbContextFactory<CouponDbContext> contexts,
    BalanceReader balance,
    SaleRates rates
)
{
    private const int MostCoupons = 50;

    // While a broker is away, a page with "not known" is better than none.
    private static readonly TimeSpan _balanceTimeout = TimeSpan.FromSeconds(5);

    public async Task<Overview> ReadAsync(CancellationToken cancellationToken)
    {
        var position = await consumption.ReadAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var open = context.Coupons.AsNoTracking().Where(coupon => coupon.ClosedAt == null && (coupon.ClosesAt == null || coupon.ClosesAt > now));
        return new Overview(
            position?.Paused ?? false,
            position is null ? null : $"{position.ChangedBy}{(position.Reason is { } reason ? $": {reason}" : "")}",
            state.Obstacles,
            await CouponsAsync(open, cancellationToken),
            await open.LongCountAsync(cancellationToken),
            await deadLetters.GroupsAsync(new DeadLetterFilter(), cancellationToken)
        );
    }

    private async Task<IReadOnlyList<CouponLive>> CouponsAsync(IQueryable<CouponRow> open, CancellationToken cancellationToken)
    {
        var coupons = await open.OrderByDescending(coupon => coupon.Id).Take(MostCoupons).ToListAsync(cancellationToken);
        var balances = await BalancesAsync([.. coupons.Select(coupon => coupon.Id)], cancellationToken);
        return
        [
            .. coupons.Select(coupon =>
            {
                var balance = balances.GetValueOrDefault(coupon.Id);
                var rate = rates.Of(coupon.Id);
                return new CouponLive(
                    coupon.Id,
                    coupon.Title,
                    coupon.TotalQuantity,
                    balance?.Remaining,
                    rate?.Accepted,
                    rate?.Persisted,
                    balance?.InKafka,
                    balance?.Persisted ?? coupon.IssuedQuantity,
                    balance?.OpenDeadLetters,
                    balance?.Drift
                );
            }),
        ];
    }

    private async Task<Dictionary<long, CouponBalance>> BalancesAsync(long[] coupons, CancellationToken cancellationToken)
    {
        if (coupons.Length == 0)
            return [];
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(_balanceTimeout);
        try
        {
            // The reader checks the token between its requests to Kafka only, and one of those may block for longer: hence the second wait.
            return (await balance.ReadAsync(coupons, bounded.Token).WaitAsync(bounded.Token)).ToDictionary(read => read.CouponId);
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested
                && (RedisFailure.Is(exception) || exception is KafkaException or OperationCanceledException or TimeoutException)
            )
        {
            return [];
        }
    }
}
