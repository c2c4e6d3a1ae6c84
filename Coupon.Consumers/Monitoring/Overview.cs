using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Monitoring;

/// <summary>The first page of the console.</summary>
/// <param name="Paused">Whether consumption is paused in all instances.</param>
/// <param name="PausedBy">The operator who paused or resumed it last, with the reason.</param>
/// <param name="Obstacles">What this instance waits for.</param>
/// <param name="Coupons">The newest of the open coupons.</param>
/// <param name="OpenCoupons">The number of open coupons, shown or not; in the console, of those that match its search.</param>
/// <param name="BalancesReadAt">When lag and drift were read; null: they are not known at the moment.</param>
/// <param name="Groups">Dead letters by cause and state.</param>
public sealed record Overview(
    bool Paused,
    string? PausedBy,
    IReadOnlyList<Obstacle> Obstacles,
    IReadOnlyList<CouponLive> Coupons,
    long OpenCoupons,
    DateTimeOffset? BalancesReadAt,
    IReadOnlyList<DeadLetterGroup> Groups
);

/// <summary>A coupon at this moment.</summary>
/// <param name="Id">The coupon.</param>
/// <param name="Title">Its title.</param>
/// <param name="Total">The number of its seats.</param>
/// <param name="Remaining">Seats left; null: Redis does not know the coupon or is away.</param>
/// <param name="AcceptedPerSecond">Issuances accepted a second, lately; null: not known yet.</param>
/// <param name="PersistedPerSecond">Rows written a second, lately; null: not known yet.</param>
/// <param name="Lag">Its messages in the topic that were not written at the last reading of the balances; null: not known.</param>
/// <param name="Persisted">Rows in MySQL.</param>
/// <param name="OpenDeadLetters">Its dead letters that are open, as a list of them shows them; the balance counts the seats that they hold.</param>
/// <param name="Drift">Seats that were not accounted for at the last reading; 0: the books balance; null: not known.</param>
public sealed record CouponLive(
    long Id,
    string Title,
    long Total,
    long? Remaining,
    double? AcceptedPerSecond,
    double? PersistedPerSecond,
    long? Lag,
    long Persisted,
    long OpenDeadLetters,
    long? Drift
);
