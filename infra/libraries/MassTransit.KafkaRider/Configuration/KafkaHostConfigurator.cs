using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaHostConfigurator(ClientConfig client) : IKafkaHostConfigurator
{
    public void UseSsl(Action<IKafkaSslConfigurator> configure) => configure(new KafkaSslConfigurator(client));

    public void UseSasl(Action<IKafkaSaslConfigurator> configure) => configure(new KafkaSaslConfigurator(client));

    public void CancellationDelay(TimeSpan timeSpan) => client.CancellationDelayMaxMs = Milliseconds.Of(timeSpan)!.Value;
}
