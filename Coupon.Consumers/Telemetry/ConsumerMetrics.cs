using System.Diagnostics.Metrics;

namespace Coupon.Consumers.Telemetry;

/// <summary>The counters of this process, under the meter <c>Coupon.Consumers</c>.</summary>
internal sealed class ConsumerMetrics
{
    public const string MeterName = "Coupon.Consumers";

    private static readonly double[] _delays = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
    private static readonly double[] _times = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly int[] _sizes = [1, 10, 50, 100, 250, 500, 1000, 2000, 4000];

    private readonly Counter<long> _inserted;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _delay;
    private long _retries;

    public ConsumerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _inserted = meter.CreateCounter<long>("coupon.rows.inserted", "{row}", "Issuances written to MySQL.");
        _repeated = meter.CreateCounter<long>("coupon.rows.repeated", "{row}", "Messages whose row was there already.");
        _deadLetters = meter.CreateCounter<long>("coupon.dead_letters", "{message}", "Messages given up, by cause.");
        _batchSize = meter.CreateHistogram(
            "coupon.batch.size",
            "{message}",
            "Messages in a batch.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = _sizes }
        );
        _delay = meter.CreateHistogram(
            "coupon.row.delay",
            "s",
            "From the decision in Redis to the committed row; of each batch that of its oldest issuance.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = _delays }
        );

        // Read at a scrape, so that it is shown before the first one.
        meter.CreateObservableCounter(
            "coupon.transaction.retries",
            () => Volatile.Read(ref _retries),
            "{retry}",
            "Writes that were tried again, since MySQL failed."
        );
        TransactionTime = meter.CreateHistogram(
            "coupon.transaction.duration",
            "s",
            "A transaction that writes issuances, by result: committed, repeated (the other way of writing follows), failed.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = _times }
        );
        Transactions = meter.CreateCounter<long>("coupon.transactions", "{transaction}", "Transactions begun to write issuances.");
        WarmUpTransactions = meter.CreateCounter<long>(
            "coupon.warm_up.transactions",
            "{transaction}",
            "Transactions of the warm-up before the start, which write nothing."
        );
    }

    /// <summary>Transactions begun to write issuances.</summary>
    public Counter<long> Transactions { get; }

    /// <summary>How long a transaction takes.</summary>
    public Histogram<double> TransactionTime { get; }

    /// <summary>Transactions of the warm-up, counted apart: rows a transaction is a figure of the sale.</summary>
    public Counter<long> WarmUpTransactions { get; }

    public void BatchReceived(int messages) => _batchSize.Record(messages);

    public void Written(int inserted, int repeated)
    {
        _inserted.Add(inserted);
        _repeated.Add(repeated);
    }

    /// <summary>A whole batch is in the database.</summary>
    /// <param name="delay">Since the decision of its oldest issuance, by the clock of Redis then and of this machine now.</param>
    public void Delayed(TimeSpan delay) => _delay.Record(Math.Max(0, delay.TotalSeconds));

    public void Retried() => Interlocked.Increment(ref _retries);

    public void DeadLettered(string cause) => _deadLetters.Add(1, new KeyValuePair<string, object?>("cause", cause));
}
