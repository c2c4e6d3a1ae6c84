using System.Diagnostics.Metrics;
using Coupon.Api.Issuing;

namespace Coupon.Api;

/// <summary>
/// What this process counts. Plain counters read when somebody scrapes: on the path of a request, a measurement is one interlocked increment.
/// </summary>
internal sealed class ApiMetrics
{
    /// <summary>The name to subscribe to.</summary>
    public const string MeterName = "Coupon.Api";

    private static readonly IssueOutcome[] _outcomes = Enum.GetValues<IssueOutcome>();
    private readonly long[] _decided = new long[_outcomes.Length];
    private long _unanswered;
    private long _unconfirmed;
    private long _relayed;
    private long _produceFailures;

    private readonly Meter _meter;

    public ApiMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        meter.CreateObservableCounter("coupon.issuances", Decisions, description: "Answers of the issue script, by outcome.");
        meter.CreateObservableCounter(
            "coupon.issuances.unanswered",
            () => Volatile.Read(ref _unanswered),
            description: "Requests that got 503 because Redis was away or unverified."
        );
        meter.CreateObservableCounter(
            "coupon.issuances.unconfirmed",
            () => Volatile.Read(ref _unconfirmed),
            description: "202 given before Kafka's acknowledgement."
        );
        meter.CreateObservableCounter(
            "coupon.outbox.relayed",
            () => Volatile.Read(ref _relayed),
            description: "Overdue outbox entries that were sent again and acknowledged."
        );
        meter.CreateObservableCounter(
            "coupon.produce.failures",
            () => Volatile.Read(ref _produceFailures),
            description: "Messages that Kafka did not acknowledge; the outbox holds them."
        );
    }

    /// <summary>Shows whether answers wait for Kafka.</summary>
    public void Watch(KafkaCircuit circuit) =>
        _meter.CreateObservableGauge(
            "coupon.kafka.circuit_open",
            () => circuit.IsOpen ? 1 : 0,
            description: "1 while Kafka does not acknowledge and answers are given from the outbox."
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
