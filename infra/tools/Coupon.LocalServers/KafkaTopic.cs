using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Coupon.LocalServers;

/// <summary>Administers a Kafka that understands the admin protocol (the mock cluster does not).</summary>
internal static class KafkaTopic
{
    private static readonly TimeSpan _metadataTimeout = TimeSpan.FromSeconds(5);

    public static async Task CreateAsync(string bootstrapServers, string topic, int partitions)
    {
        using var admin = Admin(bootstrapServers);
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions }]);
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // As wanted.
        }
    }

    public static async Task<bool> BrokerAnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            // A bare connection first: librdkafka backs off after a refused one, and would answer late.
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        }
        catch (SocketException)
        {
            return false;
        }

        try
        {
            using var admin = Admin($"127.0.0.1:{port}");
            return await Task.Run(() => admin.GetMetadata(_metadataTimeout).Brokers.Count > 0, cancellationToken);
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    private static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).SetLogHandler((_, _) => { }).Build();
}
