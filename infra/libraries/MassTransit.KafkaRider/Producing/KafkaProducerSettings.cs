using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>The client settings of a producer (the rider's, then its own) and how it writes.</summary>
internal sealed class KafkaProducerSettings<TKey, TValue> : IKafkaProducerConfigurator<TKey, TValue>
    where TValue : class
{
    private const int MaxInFlightOfIdempotence = 5;

    public KafkaProducerSettings(RiderSettings rider, ProducerConfig config)
    {
        Client = new ProducerConfig(new Dictionary<string, string>(rider.Client));
        foreach (var (name, value) in config)
            Client.Set(name, value);
        HeadersSerializer = rider.HeadersSerializer;
        KeySerializer = rider.Serializers.GetSerializer<TKey>();
        ValueSerializer = rider.Serializers.GetSerializer<TValue>();
    }

    public ProducerConfig Client { get; }
    public IHeadersSerializer HeadersSerializer { get; private set; }
    public IAsyncSerializer<TKey> KeySerializer { get; private set; }
    public IAsyncSerializer<TValue> ValueSerializer { get; private set; }
    public Action<string>? StatisticsHandler { get; private set; }

    public int? BatchNumMessages
    {
        set => Client.BatchNumMessages = value;
    }
    public CompressionType? CompressionType
    {
        set => Client.CompressionType = value;
    }
    public int? QueueBufferingBackpressureThreshold
    {
        set => Client.QueueBufferingBackpressureThreshold = value;
    }
    public TimeSpan? RetryBackoff
    {
        set => Client.RetryBackoffMs = Milliseconds.Of(value);
    }
    public int? MessageSendMaxRetries
    {
        set => Client.MessageSendMaxRetries = value;
    }
    public TimeSpan? Linger
    {
        set => Client.LingerMs = value?.TotalMilliseconds;
    }
    public int? QueueBufferingMaxKbytes
    {
        set => Client.QueueBufferingMaxKbytes = value;
    }
    public int? QueueBufferingMaxMessages
    {
        set => Client.QueueBufferingMaxMessages = value;
    }
    public bool? EnableGaplessGuarantee
    {
        set => Client.EnableGaplessGuarantee = value;
    }
    public bool? EnableIdempotence
    {
        set => Client.EnableIdempotence = value;
    }
    public TimeSpan? TransactionTimeout
    {
        set => Client.TransactionTimeoutMs = Milliseconds.Of(value);
    }
    public string? TransactionalId
    {
        set => Client.TransactionalId = value;
    }
    public int? CompressionLevel
    {
        set => Client.CompressionLevel = value;
    }
    public Partitioner? Partitioner
    {
        set => Client.Partitioner = value;
    }
    public TimeSpan? MessageTimeout
    {
        set => Client.MessageTimeoutMs = Milliseconds.Of(value);
    }
    public TimeSpan? RequestTimeout
    {
        set => Client.RequestTimeoutMs = Milliseconds.Of(value);
    }
    public string? DeliveryReportFields
    {
        set => Client.DeliveryReportFields = value;
    }
    public bool? EnableDeliveryReports
    {
        set => Client.EnableDeliveryReports = value;
    }
    public bool? EnableBackgroundPoll
    {
        set => Client.EnableBackgroundPoll = value;
    }

    public void SetStatisticsHandler(Action<string> statisticsHandler)
    {
        ArgumentNullException.ThrowIfNull(statisticsHandler);
        StatisticsHandler = statisticsHandler;
    }

    public void SetHeadersSerializer(IHeadersSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        HeadersSerializer = serializer;
    }

    public void SetKeySerializer(IAsyncSerializer<TKey> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        KeySerializer = serializer;
    }

    public void SetValueSerializer(IAsyncSerializer<TValue> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ValueSerializer = serializer;
    }

    /// <summary>The defaults that are this rider's own, where nothing was said.</summary>
    public void Complete()
    {
        Client.EnableIdempotence ??= MayBeIdempotent();
        Client.DeliveryReportFields ??= "none";
        ReconnectDefaults.Apply(Client);
    }

    private bool MayBeIdempotent() =>
        Client.Acks is null or Acks.All && (Client.MaxInFlight ?? 1) <= MaxInFlightOfIdempotence && (Client.MessageSendMaxRetries ?? 1) > 0;
}
