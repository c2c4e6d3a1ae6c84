using Confluent.Kafka;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>
/// Configures the producer of a topic. Mirrors the interface of the same name in MassTransit.Kafka. Topics with the same settings share one client;
/// a setting left unset keeps librdkafka's default, but for <see cref="EnableIdempotence"/>. What has no property here, <c>batch.size</c> for one,
/// is set on the <c>ProducerConfig</c> given to <c>AddProducer</c>.
/// </summary>
public interface IKafkaProducerConfigurator
{
    /// <summary>Messages in one batch (<c>batch.num.messages</c>). Default: 10,000.</summary>
    int? BatchNumMessages { set; }

    /// <summary>How batches are compressed (<c>compression.type</c>). Default: none.</summary>
    CompressionType? CompressionType { set; }

    /// <summary>Unsent requests from which new ones are held back (<c>queue.buffering.backpressure.threshold</c>). Default: 1.</summary>
    int? QueueBufferingBackpressureThreshold { set; }

    /// <summary>Pause before a request is sent again (<c>retry.backoff.ms</c>). Default: 100 ms.</summary>
    TimeSpan? RetryBackoff { set; }

    /// <summary>
    /// How often a failing message is sent again (<c>message.send.max.retries</c>). Default: without bound, within the message timeout.
    /// </summary>
    int? MessageSendMaxRetries { set; }

    /// <summary>How long a message waits for others to share its batch (<c>linger.ms</c>). Default: 5 ms.</summary>
    TimeSpan? Linger { set; }

    /// <summary>Kilobytes in the local queue, over all topics of the client (<c>queue.buffering.max.kbytes</c>). Default: 1,048,576.</summary>
    int? QueueBufferingMaxKbytes { set; }

    /// <summary>Messages in the local queue, over all topics of the client (<c>queue.buffering.max.messages</c>). Default: 100,000.</summary>
    int? QueueBufferingMaxMessages { set; }

    /// <summary>Stop the producer where a failed batch would leave a gap (<c>enable.gapless.guarantee</c>, experimental). Default: false.</summary>
    bool? EnableGaplessGuarantee { set; }

    /// <summary>
    /// Each message once and in order, as far as one client's retries go (<c>enable.idempotence</c>). Default here: true, unless acks, retries or
    /// requests in flight are set to what idempotence rules out. MassTransit.Kafka leaves it off.
    /// </summary>
    bool? EnableIdempotence { set; }

    /// <summary>Transaction timeout (<c>transaction.timeout.ms</c>). The rider begins no transactions, so it is refused at start.</summary>
    TimeSpan? TransactionTimeout { set; }

    /// <summary>Makes the client transactional (<c>transactional.id</c>). The rider begins no transactions, so it is refused at start.</summary>
    string? TransactionalId { set; }

    /// <summary>Compression level (<c>compression.level</c>). Default: -1, the codec's own.</summary>
    int? CompressionLevel { set; }

    /// <summary>How a key chooses its partition (<c>partitioner</c>). Default: consistent random.</summary>
    Partitioner? Partitioner { set; }

    /// <summary>How long a message may take, retries included, before it fails (<c>message.timeout.ms</c>). Default: 5 minutes.</summary>
    TimeSpan? MessageTimeout { set; }

    /// <summary>How long a broker waits for its replicas (<c>request.timeout.ms</c>). Default: 30 seconds.</summary>
    TimeSpan? RequestTimeout { set; }

    /// <summary>
    /// What a delivery report carries (<c>dotnet.producer.delivery.report.fields</c>). Default here: status only, nothing else is read.
    /// </summary>
    string? DeliveryReportFields { set; }

    /// <summary>
    /// Report deliveries (<c>dotnet.producer.enable.delivery.reports</c>). Default: true; with false, a produced message counts as delivered at once.
    /// </summary>
    bool? EnableDeliveryReports { set; }

    /// <summary>Poll for delivery reports in the background (<c>dotnet.producer.enable.background.poll</c>). Default: true.</summary>
    bool? EnableBackgroundPoll { set; }

    /// <summary>Sets who is given librdkafka's statistics as JSON, every <see cref="IKafkaFactoryConfigurator.StatisticsInterval"/>.</summary>
    void SetStatisticsHandler(Action<string> statisticsHandler);

    /// <summary>Sets how headers are written.</summary>
    void SetHeadersSerializer(IHeadersSerializer serializer);
}

/// <summary>Configures the producer of a topic whose keys and values have known types.</summary>
/// <typeparam name="TKey">Type of the key.</typeparam>
/// <typeparam name="TValue">Type of the message.</typeparam>
public interface IKafkaProducerConfigurator<TKey, TValue> : IKafkaProducerConfigurator
{
    /// <summary>Sets how keys are written.</summary>
    void SetKeySerializer(IAsyncSerializer<TKey> serializer);

    /// <summary>Sets how values are written.</summary>
    void SetValueSerializer(IAsyncSerializer<TValue> serializer);
}
