namespace MassTransit;

/// <summary>What is done with the topics of a test before its bus starts.</summary>
public class KafkaTestHarnessOptions
{
    /// <summary>Partitions of each topic that is created. Default: 1.</summary>
    public int Partitions { get; set; } = 1;

    /// <summary>Replicas of each topic that is created. Default: 1.</summary>
    public short Replicas { get; set; } = 1;

    /// <summary>The topics. Default: none, and nothing is done.</summary>
    public IReadOnlyList<string> TopicNames { get; set; } = [];

    /// <summary>Whether topics are created that do not exist. Default: false.</summary>
    public bool CreateTopicsIfNotExists { get; set; }

    /// <summary>Whether topics are deleted first. Default: false.</summary>
    public bool CleanTopicsOnStart { get; set; }
}
