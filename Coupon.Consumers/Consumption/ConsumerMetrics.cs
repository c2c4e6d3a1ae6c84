using System.Diagnostics.Metrics;

namespace Coupon.Consumers.Consumption;

/// <summary>What this process counts, under the meter <c>Coupon.Consumers</c>.</summary>
internal sealed class ConsumerMetrics
{
    public const string MeterName = "Coupon.Consumers";

    private readonly Counter<long> _inserted;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _transactions;
    private readonly Counter<long> _rehearsed;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<int> _batchSize;

    public ConsumerMetrics(IMeterFactory meters, ConsumptionState state)
    {
        var meter = meters.Create(MeterName);
        _inserted = meter.CreateCounter<long>("coupon.rows.inserted", "{row}", "Issuances written to MySQL.");
        _repeated = meter.CreateCounter<long>("coupon.rows.repeated", "{row}", "Messages whose row was there already.");
        _transactions = meter.CreateCounter<long>("coupon.transactions", "{transaction}", "Transactions that were begun to write issuances.");
        _rehearsed = meter.CreateCounter<long>(
            "coupon.rehearsal.transactions",
            "{transaction}",
            "Transactions of the rehearsal before the start, rolled back."
        );
        _deadLetters = meter.CreateCounter<long>("coupon.dead_letters", "{message}", "Messages given up, by cause.");
        _batchSize = meter.CreateHistogram<int>("coupon.batch.size", "{message}", "Messages in a batch.");
        meter.CreateObservableGauge(
            "coupon.consumption.obstacles",
            () =>
                Enum.GetValues<Trouble>()
                    .Select(trouble => new Measurement<int>(
                        state.Obstacles.Count(obstacle => obstacle.Trouble == trouble),
                        new KeyValuePair<string, object?>("trouble", trouble.ToString())
                    )),
            "{obstacle}",
            "What consumption waits for; 0 for all: it runs."
        );
    }

    public void BatchReceived(int messages) => _batchSize.Record(messages);

    /// <param name="rehearsal">It is rolled back, and is nobody's: rows a transaction are to be read without it.</param>
    public void TransactionBegun(bool rehearsal = false) => (rehearsal ? _rehearsed : _transactions).Add(1);

    public void Written(int inserted, int repeated)
    {
        _inserted.Add(inserted);
        _repeated.Add(repeated);
    }

    public void DeadLettered(string cause) => _deadLetters.Add(1, new KeyValuePair<string, object?>("cause", cause));
}
