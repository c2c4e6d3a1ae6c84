namespace Coupon.Database;

/// <summary>Whether a consumer group may consume: set by an operator, obeyed by every instance, and remembered over restarts.</summary>
public sealed class ConsumptionSwitchRow
{
    /// <summary>The consumer group.</summary>
    public required string ConsumerGroup { get; init; }

    /// <summary>True: no instance takes further batches.</summary>
    public bool Paused { get; set; }

    /// <summary>Why, in the operator's words.</summary>
    public string? Reason { get; set; }

    /// <summary>The operator who set it last.</summary>
    public required string ChangedBy { get; set; }

    /// <summary>When it was set last (UTC).</summary>
    public DateTime ChangedAt { get; set; }
}
