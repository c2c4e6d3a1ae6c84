using System.Diagnostics.Metrics;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>Counts the transactions begun to write, committed or not: the metric <c>coupon_transactions</c>.</summary>
internal sealed class TransactionCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _begun;

    /// <param name="meters">The meters of the services whose transactions count: other tests write at the same time.</param>
    public TransactionCounter(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "coupon.transactions" && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _begun, count));
        _listener.Start();
    }

    public int Begun => (int)Interlocked.Read(ref _begun);

    public void Dispose() => _listener.Dispose();
}
