namespace MassTransit;

/// <summary>How messages are fetched.</summary>
public interface IKafkaFetchConfigurator
{
    /// <summary>Longest time that a broker waits to fill an answer (<c>fetch.wait.max.ms</c>). Default: 500 ms.</summary>
    TimeSpan? WaitMaxInterval { set; }

    /// <summary>Bytes a partition in one answer (<c>max.partition.fetch.bytes</c>). Default: 1,048,576.</summary>
    int? MaxPartitionBytes { set; }

    /// <summary>Bytes of one answer (<c>fetch.max.bytes</c>). Default: 52,428,800.</summary>
    int? MaxBytes { set; }

    /// <summary>Bytes that a broker waits for (<c>fetch.min.bytes</c>). Default: 1.</summary>
    int? MinBytes { set; }

    /// <summary>Pause of a partition after a failed fetch (<c>fetch.error.backoff.ms</c>). Default: 500 ms.</summary>
    TimeSpan? ErrorBackoffInterval { set; }
}
