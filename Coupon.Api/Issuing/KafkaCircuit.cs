using Coupon.Hosting.Outages;

namespace Coupon.Api.Issuing;

/// <summary>
/// Whether it makes sense to wait for Kafka. Opens after a number of confirmations in a row that did not come in time, closes with the first
/// acknowledgement, whoever's it is. Some answers pass between: a single slow partition keeps it closed and only its own users waiting.
/// </summary>
internal sealed class KafkaCircuit(int threshold, ServerOutage kafka, ILogger<KafkaCircuit> logger)
{
    private int _missedInARow;

    /// <summary>Kafka seems to be away: do not produce, do not wait; the relay tries one now and then.</summary>
    public bool IsOpen => Volatile.Read(ref _missedInARow) >= threshold;

    public void Acknowledged()
    {
        kafka.Succeeded();

        // Read first: this line is shared by every request, and nearly always 0 already.
        if (Volatile.Read(ref _missedInARow) == 0)
            return;
        if (Interlocked.Exchange(ref _missedInARow, 0) >= threshold)
            Log.CircuitClosed(logger);
    }

    /// <summary>Kafka, or its client, refused a message or gave it up.</summary>
    public void Refused(Exception exception)
    {
        kafka.Failed(exception);
        Missed();
    }

    /// <summary>Nothing was heard in time.</summary>
    public void Missed()
    {
        if (Interlocked.Increment(ref _missedInARow) == threshold)
            Log.CircuitOpened(logger, threshold);
    }
}
