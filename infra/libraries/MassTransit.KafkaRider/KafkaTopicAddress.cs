namespace MassTransit;

/// <summary>The address of a topic, on the host of its bus: <c>scheme://host/kafka/topic</c>.</summary>
public readonly record struct KafkaTopicAddress
{
    /// <summary>Comes before the name of a topic.</summary>
    public const string PathPrefix = "kafka";

    private const string ShortScheme = "topic";

    /// <summary>Reads an address: a full one, or the short form <c>topic:name</c>.</summary>
    /// <param name="hostAddress">The bus's.</param>
    /// <param name="address">The topic's.</param>
    /// <exception cref="ArgumentException">The address has neither form.</exception>
    public KafkaTopicAddress(Uri hostAddress, Uri address)
        : this(hostAddress, TopicOf(hostAddress, address)) { }

    /// <summary>The address of a topic.</summary>
    /// <param name="hostAddress">The bus's.</param>
    /// <param name="topic">The topic's name.</param>
    public KafkaTopicAddress(Uri hostAddress, string topic)
    {
        ArgumentNullException.ThrowIfNull(hostAddress);
        Topic = topic;
        Scheme = hostAddress.Scheme;
        Host = hostAddress.Host;
        Port = hostAddress.Port;
    }

    /// <summary>The topic's name.</summary>
    public string Topic { get; }

    /// <summary>The bus's host.</summary>
    public string Host { get; }

    /// <summary>The bus's scheme.</summary>
    public string Scheme { get; }

    /// <summary>The bus's port; -1 where its scheme has none.</summary>
    public int? Port { get; }

    /// <summary>The full address.</summary>
    public static implicit operator Uri(in KafkaTopicAddress address) => address.ToUri();

    /// <summary>The full address.</summary>
    public Uri ToUri() =>
        new UriBuilder
        {
            Scheme = Scheme,
            Host = Host,
            Port = Port ?? -1,
            Path = $"{PathPrefix}/{Topic}",
        }.Uri;

    private static string TopicOf(Uri hostAddress, Uri address)
    {
        ArgumentNullException.ThrowIfNull(hostAddress);
        ArgumentNullException.ThrowIfNull(address);
        var path = address.AbsolutePath.TrimStart('/');
        if (address.Scheme == ShortScheme)
            return path;
        if (
            !string.Equals(address.Scheme, hostAddress.Scheme, StringComparison.OrdinalIgnoreCase)
            || !path.StartsWith($"{PathPrefix}/", StringComparison.Ordinal)
        )
            throw new ArgumentException(
                $"The address of a topic is topic:name or {hostAddress.Scheme}://host/{PathPrefix}/name, not {address}",
                nameof(address)
            );
        return path[(PathPrefix.Length + 1)..];
    }
}
