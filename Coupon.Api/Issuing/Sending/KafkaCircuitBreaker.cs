using Coupon.Hosting.Outages;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Breaks the circuit to Kafka after a number of confirmations in a row that failed or came late, so that answers stop waiting. The first
/// acknowledgement, of any message, closes it. A single slow partition does not break it: acknowledgements of the others come in between.
/// </summary>
internal sealed class KafkaCircuitBreaker
{
    private readonly int _threshold;
    private readonly ServerOutage _kafka;
    private readonly ILogger _logger;
    private int _missedInARow;

    public KafkaCircuitBreaker(IssuingOptions options, ServerOutages outages, IssuingMetrics metrics, ILogger<KafkaCircuitBreaker> logger)
    {
        (_threshold, _kafka, _logger) = (options.CircuitThreshold, outages.Kafka, logger);
        metrics.ShowCircuitBreaker(() => IsBroken);
    }

    /// <summary>Kafka seems to be away: issuances are neither produced nor waited for, and the relay tries one now and then.</summary>
    public bool IsBroken => Volatile.Read(ref _missedInARow) >= _threshold;

    /// <summary>Kafka has acknowledged a message.</summary>
    public void Acknowledged()
    {
        _kafka.Succeeded();

        // Read first: every request shares this cache line, and the count is nearly always 0 already.
        if (Volatile.Read(ref _missedInARow) == 0)
            return;
        if (Interlocked.Exchange(ref _missedInARow, 0) >= _threshold)
            Log.CircuitClosed(_logger);
    }

    /// <summary>Kafka or its client has refused a message, or the client has given it up.</summary>
    public void Refused(Exception exception)
    {
        _kafka.Failed(exception);
        Missed();
    }

    /// <summary>No acknowledgement came in time.</summary>
    public void Missed()
    {
        if (Interlocked.Increment(ref _missedInARow) == _threshold)
            Log.CircuitOpened(_logger, _threshold);
    }
}
