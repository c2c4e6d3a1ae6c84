using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Keeps messages that are given up: their bytes and headers as they were, and why.</summary>
internal sealed class DeadLetterTopic(KafkaDeadLetterOptions options, RiderSettings rider, ProducerClients producers, string group)
{
    private readonly Lazy<ProducerClient> _producer = new(() => producers.Get(Configure(options, rider), null));

    public string Of(string topic) => options.Topic ?? topic + KafkaDeadLetterOptions.Suffix;

    /// <summary>Completes when the broker has acknowledged the dead letter.</summary>
    /// <exception cref="KafkaException">It is not known to be kept.</exception>
    public async Task Keep(ConsumeResult<byte[], byte[]> result, GivenUp givenUp, CancellationToken cancellationToken)
    {
        try
        {
            await Produce(result, givenUp, withText: true, cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.Local_InvalidArg)
        {
            // The message may have been as large as the topic allows: the exception's text is what can be left out.
            await Produce(result, givenUp, withText: false, cancellationToken).ConfigureAwait(false);
        }
    }

    public static ProducerConfig Configure(KafkaDeadLetterOptions options, RiderSettings rider)
    {
        var settings = new KafkaProducerSettings<byte[], byte[]>(rider, options.Producer);
        settings.Client.Acks = Acks.All;
        settings.Complete();
        return settings.Client;
    }

    /// <returns>What these settings would break: a message is given up when the broker has acknowledged its dead letter.</returns>
    public static IEnumerable<string> Refused(KafkaDeadLetterOptions options, RiderSettings rider)
    {
        var client = Configure(options, rider);
        if (client.TransactionalId is { Length: > 0 } || client.TransactionTimeoutMs is not null)
            yield return "Producer.TransactionalId and TransactionTimeoutMs are not supported: the rider begins no transactions";
        if (client.EnableBackgroundPoll == false || client.EnableDeliveryReports == false)
            yield return "Producer.EnableBackgroundPoll and EnableDeliveryReports have to be on: the acknowledgement is waited for";
    }

    private Task Produce(ConsumeResult<byte[], byte[]> result, GivenUp givenUp, bool withText, CancellationToken cancellationToken) =>
        _producer.Value.Produce(
            new TopicPartition(Of(result.Topic), Partition.Any),
            new Message<byte[], byte[]>
            {
                Key = result.Message.Key,
                Value = result.Message.Value,
                Headers = DeadLetterHeaders.Of(result, group, givenUp.Cause, givenUp.Attempts, withText),
            },
            cancellationToken
        );
}
