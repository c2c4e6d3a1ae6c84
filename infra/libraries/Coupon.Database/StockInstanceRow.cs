namespace Coupon.Database;

/// <summary>
/// A running instance. A verification waits until each instance has handed back its unconfirmed issuances. Instances are recorded in MySQL and not in
/// Redis, because Redis may have forgotten them.
/// </summary>
public sealed class StockInstanceRow
{
    /// <summary>New at each start.</summary>
    public required string Id { get; init; }

    /// <summary>Host and process, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The last sign of life, by the clock of the database (UTC).</summary>
    public DateTime SeenAt { get; init; }

    /// <summary>After which time (ms) without a sign of life its lease must have ended: then a verification gives it up, and its row goes.</summary>
    public int SettlesWithinMs { get; init; }

    /// <summary>The last verifications for which it has handed back everything: <c>shard:id</c>, one of each shard, separated by spaces.</summary>
    public required string Settled { get; init; }
}
