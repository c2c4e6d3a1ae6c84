using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Durability;

/// <summary>The log of an instance at its start about the servers that it finds.</summary>
public sealed class DurabilityTests(TestServers servers)
{
    [Fact]
    public async Task Weak_settings_of_servers_are_logged_and_the_instance_serves_all_the_same()
    {
        await using var mySql = await LocalMySql.StartAsync(new LocalMySqlOptions { Arguments = ["--innodb-flush-log-at-trx-commit=2"] });
        var redis = await LocalRedis.StartAsync(new LocalRedisOptions { AppendFsync = "no" });
        var kafka = await servers.KafkaAsync();
        await using var service = await ServiceSettings.CreateAsync(redis, kafka, await TestDatabase.CreateAsync(mySql.ConnectionString));
        if (!kafka.IsLossy)
            await KeepForAnHourAsync(kafka, service.CouponIssuedTopic);
        await using var api = await service.StartApiAsync();

        await SaysAsync(api, "Redis has appendfsync = no, which is weaker than the documented everysec");
        await SaysAsync(api, "MySQL has innodb_flush_log_at_trx_commit = 2, which is weaker than the documented 1");
        if (kafka.IsLossy)
            return;

        // The Kafka of the tests has one broker.
        await SaysAsync(
            api,
            $"Kafka has min.insync.replicas = 1 for topic {service.CouponIssuedTopic}, which is weaker than the documented 2 of 3 replicas"
        );
        await SaysAsync(
            api,
            $"Kafka has retention.ms = 3600000 for topic {service.CouponIssuedTopic}, which is weaker than the documented 604800000 or more"
        );
        var log = await LogOfAsync(api);
        Assert.DoesNotContain($"for topic {service.DeadLettersTopic}, which is weaker than the documented 604800000", log, StringComparison.Ordinal);
        Assert.DoesNotContain("retention.bytes", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sound_servers_and_a_broker_without_an_answer_cause_no_warning()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var service = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka, await servers.CreateDatabaseAsync());
        await using var api = await service.StartApiAsync(("Logging__LogLevel__Coupon", "Debug"));

        await SaysAsync(api, "Whether Kafka is configured soundly cannot be read");

        Assert.False(api.HasExited);
        Assert.DoesNotContain("weaker than the documented", await LogOfAsync(api), StringComparison.Ordinal);
    }

    private static async Task KeepForAnHourAsync(IKafkaServer kafka, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        await admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [
                    new ConfigEntry
                    {
                        Name = "retention.ms",
                        Value = "3600000",
                        IncrementalOperation = AlterConfigOpType.Set,
                    },
                ],
            }
        );
    }

    private static Task SaysAsync(ServiceProcess process, string words) =>
        Eventually.IsTrueAsync(async () => (await LogOfAsync(process)).Contains(words, StringComparison.Ordinal), words);

    // The process still writes it, so it is opened for sharing.
    private static async Task<string> LogOfAsync(ServiceProcess process)
    {
        using var reader = new StreamReader(new FileStream(process.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
