using Coupon.Consumers.Consumption;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// A valve that a batch found shut stays in the way until the batch is admitted, also while it is tried again: health, alert and console would
/// otherwise say
/// that all is well for as long as a probe takes.
/// </summary>
internal sealed class ShutValve(ConsumptionState state) : IDisposable
{
    private IDisposable? _obstacle;

    /// <summary>The first time counts: what it says is since then.</summary>
    public void Shut(string detail) => _obstacle ??= state.Enter(Trouble.ValveShut, detail);

    public void Dispose() => _obstacle?.Dispose();
}
