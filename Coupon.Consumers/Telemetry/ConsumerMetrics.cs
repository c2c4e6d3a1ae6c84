using System.Diagnostics.Metrics;

namespace Coupon.Consumers.Telemetry;

/// <summary>The counters of this process, under the meter <c>Coupon.Consumers</c>.</summary>
internal sealed class ConsumerMetrics
{
    public const string MeterName = "Coupon.Consumers";

    private readonly Counter<long> _inserted;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<int> _batchSize;

    public ConsumerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _inserted = meter.CreateCounter<long>("coupon.rows.inserted", "{row}", "Issuances written to MySQL.");
        _repeated = meter.CreateCounter<long>("coupon.rows.repeated", "{row}", "Messages whose row was there already.");
        _deadLetters = meter.CreateCounter<long>("coupon.dead_letters", "{message}", "Messages given up, by cause.");
        _batchSize = meter.CreateHistogram<int>("coupon.batch.size", "{message}", "Messages in a batch.");
        Transactions = meter.CreateCounter<long>("coupon.transactions", "{transaction}", "Transactions begun to write issuances.");
        WarmUpTransactions = meter.CreateCounter<long>(
            "coupon.warm_up.transactions",
            "{transaction}",
            "Transactions of the warm-up before the start, which write nothing."
        );
    }

    /// <summary>Transactions begun to write issuances.</summary>
    public Counter<long> Transactions { get; }

    /// <summary>Transactions of the warm-up, counted apart: rows a transaction is a figure of the sale.</summary>
    public Counter<long> WarmUpTransactions { get; }

    public void BatchReceived(int messages) => _batchSize.Record(messages);

    public void Written(int inserted, int repeated)
    {
        _inserted.Add(inserted);
        _repeated.Add(repeated);
    }

    public void DeadLettered(string cause) => _deadLetters.Add(1, new KeyValuePair<string, object?>("cause", cause));
}
