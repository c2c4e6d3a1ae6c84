using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message that was polled, with its partition and its place among the offsets under way.</summary>
internal sealed class KafkaRecord<TValue>(ConsumeResult<byte[], byte[]> result, AssignedPartition partition) : ContiguousOffsets.Entry
    where TValue : class
{
    public override long Offset => result.Offset.Value;

    public override DateTime? ProducedAt =>
        Result.Message.Timestamp is { Type: not TimestampType.NotAvailable } timestamp ? timestamp.UtcDateTime : null;

    public ConsumeResult<byte[], byte[]> Result => result;

    public AssignedPartition Partition => partition;

    /// <summary>The message, once decoded; null before, and where it cannot be.</summary>
    public TValue? Value { get; set; }

    /// <summary>
    /// Nothing more is to be done with it: it was given up, the handler of undecodable messages has it, or it was handled without the rest of its
    /// batch. It is left out when the rest is tried again.
    /// </summary>
    public bool IsFinished { get; set; }

    /// <summary>Why it is given up; null while it is not. Set, it is not delivered any more.</summary>
    public GivenUp? GivenUp { get; set; }

    /// <summary>What has to keep it has it: only the news of it may still be missing.</summary>
    public bool IsKept { get; set; }

    /// <summary>How often decoding it failed without it being certain that its bytes are to blame.</summary>
    public byte UncertainFailures { get; set; }

    /// <summary>An attempt to deliver it alone has failed.</summary>
    public bool HasFailed { get; set; }

    public void Begin() => partition.Offsets.Begin(this);

    public void Complete() => partition.Offsets.Complete(this);

    /// <summary>Completes all, those of a partition that come one after the other at once.</summary>
    public static void Complete(List<KafkaRecord<TValue>> records)
    {
        for (int first = 0, next; first < records.Count; first = next)
        {
            var offsets = records[first].Partition.Offsets;
            for (next = first + 1; next < records.Count && records[next].Partition.Offsets == offsets; )
                next++;
            offsets.Complete(records, first, next - first);
        }
    }
}
