using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>An operation while this instance works on it.</summary>
/// <param name="row">The operation as it was taken.</param>
/// <param name="stop">Ends the work after the entries that have their turn.</param>
internal sealed class DeadLetterOperationRun(DeadLetterOperationRow row, CancellationTokenSource stop) : IProgress<int>
{
    private volatile int _handled;

    /// <summary>The operation as it was taken.</summary>
    public DeadLetterOperationRow Row => row;

    /// <summary>How many entries have had their turn, those of earlier runs included.</summary>
    public int Handled => _handled;

    /// <summary>How many of the entries earlier runs have done, before one of them was cut off.</summary>
    public int DoneBefore { get; set; }

    /// <summary>Called by the work, after some entries.</summary>
    public void Report(int value) => _handled = DoneBefore + value;

    /// <summary>Ends the work after the entries that have their turn.</summary>
    public Task StopAsync() => stop.CancelAsync();
}
