using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Pages;

/// <summary>What an operator sees first.</summary>
/// <param name="Paused">Whether consumption is paused in all instances.</param>
/// <param name="PausedBy">Who paused or resumed it last, and why.</param>
/// <param name="Obstacles">What this instance waits for.</param>
/// <param name="Coupons">The newest of the open coupons.</param>
/// <param name="OpenCoupons">How many are open, shown or not.</param>
/// <param name="Groups">Dead letters by cause and state.</param>
public sealed record Overview(
    bool Paused,
    string? PausedBy,
    IReadOnlyList<Obstacle> Obstacles,
    IReadOnlyList<CouponLive> Coupons,
    long OpenCoupons,
    IReadOnlyList<DeadLetterGroup> Groups
);

/// <summary>A coupon at this moment.</summary>
/// <param name="Id">The coupon.</param>
/// <param name="Title">Its title.</param>
/// <param name="Total">How many exist.</param>
/// <param name="Remaining">How many are left; null: Redis does not know or is away.</param>
/// <param name="AcceptedPerSecond">Given out a second, lately; null: not known yet.</param>
/// <param name="PersistedPerSecond">Written a second, lately.</param>
/// <param name="Lag">Messages of it in the topic that are not written yet; null: not known.</param>
/// <param name="Persisted">Rows in MySQL.</param>
/// <param name="OpenDeadLetters">Dead letters that hold a seat.</param>
/// <param name="Drift">By how many seats the books are wrong; 0: they balance; null: not known.</param>
public sealed record CouponLive(
    long Id,
    string Title,
    long Total,
    long? Remaining,
    double? AcceptedPerSecond,
    double? PersistedPerSecond,
    long? Lag,
    long Persisted,
    long? OpenDeadLetters,
    long? Drift
);
