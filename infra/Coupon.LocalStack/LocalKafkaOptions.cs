namespace Coupon.LocalStack;

/// <summary>How a private Kafka is started.</summary>
public sealed record LocalKafkaOptions
{
    /// <summary>The heap of the Java process, in MiB, fixed.</summary>
    public int HeapMegabytes { get; init; } = 512;

    /// <summary>More lines of server.properties; a later line wins over an earlier one.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];
}
