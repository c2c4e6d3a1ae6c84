using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

internal sealed class KafkaProducerSpecification<TKey, TValue>(
    string topic,
    ProducerConfig config,
    Action<IKafkaProducerConfigurator<TKey, TValue>>? configure
) : IKafkaProducerSpecification
    where TValue : class
{
    private KafkaProducerSettings<TKey, TValue>? _settings;

    public IEnumerable<ValidationResult> Validate(RiderSettings rider)
    {
        if (Settings(rider).Client.TransactionalId is { Length: > 0 })
            yield return rider.Failure($"Producer of {topic}: TransactionalId", "is not supported: the rider begins no transactions");
        if (Settings(rider).Client.TransactionTimeoutMs is not null)
            yield return rider.Failure($"Producer of {topic}: TransactionTimeout", "is not supported: the rider begins no transactions");
        if (Settings(rider).Client.EnableBackgroundPoll == false)
            yield return rider.Failure(
                $"Producer of {topic}: EnableBackgroundPoll",
                "has to be on: nobody else would learn that a message was delivered"
            );
    }

    public void Connect(TopicProducers producers) => producers.Get<TKey, TValue>(topic).Connect();

    /// <summary>The settings, made once: after the whole rider has been configured, since the defaults come from there.</summary>
    public KafkaProducerSettings<TKey, TValue> Settings(RiderSettings rider)
    {
        if (_settings is not null)
            return _settings;
        var settings = new KafkaProducerSettings<TKey, TValue>(rider, config);
        configure?.Invoke(settings);
        settings.Complete();
        return _settings = settings;
    }
}
