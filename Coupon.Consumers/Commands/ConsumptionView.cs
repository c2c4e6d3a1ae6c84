using Coupon.Database;

namespace Coupon.Consumers.Commands;

/// <summary>The switch of consumption, which all instances obey.</summary>
/// <param name="Paused">Whether an operator has paused it.</param>
/// <param name="Reason">The operator's reason; null: none.</param>
/// <param name="ChangedBy">The operator who paused or resumed it last; null: nobody ever did.</param>
/// <param name="ChangedAt">When (UTC).</param>
internal sealed record ConsumptionView(bool Paused, string? Reason, string? ChangedBy, DateTime? ChangedAt)
{
    public static ConsumptionView Of(ConsumptionSwitchRow? row) => new(row?.Paused ?? false, row?.Reason, row?.ChangedBy, row?.ChangedAt);

    public override string ToString() =>
        (Paused ? "paused" : "running")
        + (ChangedAt is { } at ? $" since {Printing.Time(at)} (UTC) by {ChangedBy}" : "")
        + (Reason is null ? "" : $": {Reason}");
}
