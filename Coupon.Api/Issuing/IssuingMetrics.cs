using System.Diagnostics.Metrics;

namespace Coupon.Api.Issuing;

/// <summary>
/// The instruments of this process. The counters are plain fields that are read at a scrape, so counting costs a request one interlocked increment.
/// </summary>
internal sealed class IssuingMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Coupon.Api";

    private const string Unanswered503 = "Unanswered";

    // Most presses wait for one round trip to Redis and one to Kafka; ConfirmTimeout is 2 s.
    private static readonly double[] _seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
    private static readonly int[] _presses = [1, 2, 5, 10, 25, 50, 100, 250];
    private static readonly IssueOutcome[] _outcomes = Enum.GetValues<IssueOutcome>();

    // Made once: a label of each press.
    private static readonly KeyValuePair<string, object?>[] _labels = [.. _outcomes.Select(outcome => OutcomeLabel(outcome.ToString()))];
    private static readonly KeyValuePair<string, object?> _unansweredLabel = OutcomeLabel(Unanswered503);
    private readonly Meter _meter;
    private readonly long[] _decided = new long[_outcomes.Length];
    private long _unanswered;
    private long _unconfirmed;
    private long _relayed;
    private long _produceFailures;
    private readonly Histogram<double> _pressTime;
    private readonly Histogram<int> _callSize;
    private readonly Histogram<double> _callTime;

    public IssuingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableCounter("coupon.issuances", Decisions, "{press}", "Answers of the issue script, by outcome.");
        _meter.CreateObservableCounter(
            "coupon.issuances.unanswered",
            () => Volatile.Read(ref _unanswered),
            "{press}",
            description: "Requests that got 503 because Redis was away or unverified."
        );
        _meter.CreateObservableCounter(
            "coupon.issuances.unconfirmed",
            () => Volatile.Read(ref _unconfirmed),
            "{press}",
            description: "202 given before Kafka's acknowledgement."
        );
        _meter.CreateObservableCounter(
            "coupon.outbox.relayed",
            () => Volatile.Read(ref _relayed),
            "{entry}",
            description: "Overdue outbox entries that were sent again and acknowledged."
        );
        _meter.CreateObservableCounter(
            "coupon.produce.failures",
            () => Volatile.Read(ref _produceFailures),
            "{message}",
            description: "Messages that Kafka did not acknowledge; the outbox holds them."
        );
        _pressTime = _meter.CreateHistogram(
            "coupon.press.duration",
            "s",
            "From the press to its answer, by outcome; Unanswered: 503.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = _seconds }
        );
        _callSize = _meter.CreateHistogram(
            "coupon.call.presses",
            "{press}",
            "Presses that shared a call of the issue script.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = _presses }
        );
        _callTime = _meter.CreateHistogram(
            "coupon.call.duration",
            "s",
            "A call of the issue script, from the request to Redis to its reply.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = _seconds }
        );
    }

    /// <summary>Shows the state of the circuit breaker.</summary>
    /// <param name="isBroken">Whether answers do not wait for Kafka at the moment.</param>
    public void ShowCircuitBreaker(Func<bool> isBroken) =>
        _meter.CreateObservableGauge(
            "coupon.kafka.circuit_open",
            () => isBroken() ? 1 : 0,
            null,
            description: "1 while the circuit is open: answers do not wait for Kafka."
        );

    public void Decided(IssueOutcome outcome, TimeSpan after)
    {
        Interlocked.Increment(ref _decided[(int)outcome]);
        _pressTime.Record(after.TotalSeconds, _labels[(int)outcome]);
    }

    public void Unanswered(TimeSpan after)
    {
        Interlocked.Increment(ref _unanswered);
        _pressTime.Record(after.TotalSeconds, _unansweredLabel);
    }

    /// <summary>Redis has answered a call of the script.</summary>
    public void Called(int presses, TimeSpan after)
    {
        _callSize.Record(presses);
        _callTime.Record(after.TotalSeconds);
    }

    public void Unconfirmed() => Interlocked.Increment(ref _unconfirmed);

    public void Relayed() => Interlocked.Increment(ref _relayed);

    public void ProduceFailed() => Interlocked.Increment(ref _produceFailures);

    private IEnumerable<Measurement<long>> Decisions() =>
        _outcomes.Select(outcome => new Measurement<long>(Volatile.Read(ref _decided[(int)outcome]), _labels[(int)outcome]));

    private static KeyValuePair<string, object?> OutcomeLabel(string outcome) => new("outcome", outcome);
}
