using Coupon.Contracts;

namespace Coupon.Benchmarks.Consuming;

/// <summary>Something that turns a backlog into rows.</summary>
internal interface IDrain
{
    string Name { get; }

    /// <summary>How many coupons its backlog is of.</summary>
    int Coupons => 1;

    /// <summary>CPU seconds that it has used so far.</summary>
    double ProcessorSeconds { get; }

    /// <summary>Takes the backlog without starting on it.</summary>
    Task HoldAsync(IReadOnlyList<CouponIssued> backlog, CancellationToken cancellationToken);

    /// <summary>Starts on the backlog; may return before the rows are there.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
