using System.Diagnostics.Metrics;

namespace Coupon.Api.Issuing;

/// <summary>
/// The counters of this process. They are plain fields that are read at a scrape, so a measurement costs a request one interlocked increment.
/// </summary>
internal sealed class IssuingMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Coupon.Api";

    private static readonly IssueOutcome[] _outcomes = Enum.GetValues<IssueOutcome>();
    private readonly Meter _meter;
    private readonly long[] _decided = new long[_outcomes.Length];
    private long _unanswered;
    private long _unconfirmed;
    private long _relayed;
    private long _produceFailures;

    public IssuingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableCounter("coupon.issuances", Decisions, description: "Answers of the issue script, by outcome.");
        _meter.CreateObservableCounter(
            "coupon.issuances.unanswered",
            () => Volatile.Read(ref _unanswered),
            description: "Requests that got 503 because Redis was away or unverified."
        );
        _meter.CreateObservableCounter(
            "coupon.issuances.unconfirmed",
            () => Volatile.Read(ref _unconfirmed),
            description: "202 given before Kafka's acknowledgement."
        );
        _meter.CreateObservableCounter(
            "coupon.outbox.relayed",
            () => Volatile.Read(ref _relayed),
            description: "Overdue outbox entries that were sent again and acknowledged."
        );
        _meter.CreateObservableCounter(
            "coupon.produce.failures",
            () => Volatile.Read(ref _produceFailures),
            description: "Messages that Kafka did not acknowledge; the outbox holds them."
        );
    }

    /// <summary>Shows the state of the circuit breaker.</summary>
    /// <param name="isBroken">Whether answers do not wait for Kafka at the moment.</param>
    public void ShowCircuitBreaker(Func<bool> isBroken) =>
        _meter.CreateObservableGauge(
            "coupon.kafka.circuit_open",
            () => isBroken() ? 1 : 0,
            description: "1 while the circuit is open: answers do not wait for Kafka."
        );

    public void Decided(IssueOutcome outcome) => Interlocked.Increment(ref _decided[(int)outcome]);

    public void Unanswered() => Interlocked.Increment(ref _unanswered);

    public void Unconfirmed() => Interlocked.Increment(ref _unconfirmed);

    public void Relayed() => Interlocked.Increment(ref _relayed);

    public void ProduceFailed() => Interlocked.Increment(ref _produceFailures);

    private IEnumerable<Measurement<long>> Decisions() =>
        _outcomes.Select(outcome => new Measurement<long>(
            Volatile.Read(ref _decided[(int)outcome]),
            KeyValuePair.Create<string, object?>("outcome", outcome.ToString())
        ));
}
