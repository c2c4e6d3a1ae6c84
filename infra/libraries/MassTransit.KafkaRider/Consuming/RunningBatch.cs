using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Records that are being delivered together.</summary>
internal sealed class RunningBatch<TKey, TValue>(
    long number,
    List<KafkaRecord<TValue>> records,
    BatchCompletionMode mode,
    DateTime firstReceived,
    DateTime lastReceived
) : IDisposable
    where TValue : class
{
    private readonly CancellationTokenSource _interrupted = new();
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>Batches of a poll loop are numbered as they begin.</summary>
    public long Number => number;

    public List<KafkaRecord<TValue>> Records => records;
    public BatchCompletionMode Mode => mode;
    public DateTime FirstReceived => firstReceived;
    public DateTime LastReceived => lastReceived;

    /// <summary>No further attempt is wanted.</summary>
    public CancellationToken Interrupted => _interrupted.Token;

    /// <summary>Nobody waits for the one under way either.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    public Task<bool> Delivered { get; set; } = Task.FromResult(false);

    public (int Count, TopicPartitionOffset First) Describe() => (records.Count, records[0].Result.TopicPartitionOffset);

    public void Interrupt() => Cancelling.Begin(_interrupted);

    public void Cancel() => Cancelling.Begin(_cancelled);

    public void Dispose()
    {
        _interrupted.Dispose();
        _cancelled.Dispose();
    }
}
