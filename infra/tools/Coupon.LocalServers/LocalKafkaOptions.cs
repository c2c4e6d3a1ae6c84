namespace Coupon.LocalServers;

/// <summary>How a private Kafka is started.</summary>
public sealed record LocalKafkaOptions
{
    /// <summary>The heap of the Java process, in MiB, fixed.</summary>
    public int HeapMegabytes { get; init; } = 512;

    /// <summary>
    /// Listeners beside the plain one, on free ports of the caller's choice; what they need (certificates, users) goes into <see cref="Properties"/>.
    /// </summary>
    public IReadOnlyList<LocalKafkaListener> MoreListeners { get; init; } = [];

    /// <summary>More lines of server.properties; a later line wins over an earlier one.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>The port that clients and other brokers are told, where something stands in front of it. Null: its own.</summary>
    public int? AdvertisedPort { get; init; }

    /// <summary>Its place in a cluster of several. Null: it is alone.</summary>
    public LocalKafkaNode? Node { get; init; }
}

/// <summary>One of several private brokers, each of which votes.</summary>
/// <param name="Id">From 1; the node whose place in <paramref name="ControllerPorts"/> is this less one.</param>
/// <param name="ClusterId">The same for all of them.</param>
/// <param name="ControllerPorts">Free ports, one for each node.</param>
public sealed record LocalKafkaNode(int Id, string ClusterId, IReadOnlyList<int> ControllerPorts);

/// <summary>A listener of a private Kafka, on loopback; clients are told <c>localhost</c> and the port.</summary>
/// <param name="Name">Its name, in capitals.</param>
/// <param name="Protocol">Kafka's name of the protocol: <c>SSL</c>, <c>SASL_PLAINTEXT</c>, <c>SASL_SSL</c>.</param>
/// <param name="Port">A free port.</param>
public sealed record LocalKafkaListener(string Name, string Protocol, int Port)
{
    /// <summary>The port that clients of this listener are told, where something stands in front of it. Null: its own.</summary>
    public int? AdvertisedPort { get; init; }
}
