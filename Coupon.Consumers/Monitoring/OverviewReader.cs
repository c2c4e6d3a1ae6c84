using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Monitoring;

/// <summary>Reads the overview. Figures that Redis or Kafka cannot give at the moment are left out; MySQL is needed.</summary>
internal sealed class OverviewReader(ConsumptionSwitch consumption, ConsumptionState state, DeadLetterQueries deadLetters, CouponListing coupons)
{
    /// <summary>Reads it.</summary>
    public async Task<Overview> ReadAsync(CouponSearch search, CancellationToken cancellationToken)
    {
        var position = await consumption.ReadAsync(cancellationToken);
        var page = await coupons.ReadAsync(search, cancellationToken);
        return new Overview(
            position?.Paused ?? false,
            position is null ? null : $"{position.ChangedBy}{(position.Reason is { } reason ? $": {reason}" : "")}",
            state.Obstacles,
            page.Coupons,
            page.Count,
            page.BalancesReadAt,
            await deadLetters.GroupsAsync(new DeadLetterFilter(), cancellationToken)
        );
    }
}
