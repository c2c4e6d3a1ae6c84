using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

/// <summary>An application's own tests of its rider: MassTransit's harness, with topics made for the test.</summary>
public sealed class TestHarnessTests(TestServers servers)
{
    [Fact]
    public async Task Topics_are_created_the_container_s_client_settings_are_used_and_the_harness_has_the_producers()
    {
        var kafka = await servers.KafkaAsync();
        Assert.SkipWhen(kafka.IsLossy, "The mock cluster has no admin protocol.");
        var topic = UniqueName.From("harness");
        await using var services = Services(kafka.ConnectionString, topic).BuildServiceProvider(true);
        var harness = services.GetTestHarness();
        await harness.Start();

        await harness.GetProducer<long, Seat>().Produce(1, new Seat(1), TestContext.Current.CancellationToken);
        await harness.GetProducer<Seat>().Produce(new Seat(2), TestContext.Current.CancellationToken);

        Assert.True(await harness.Consumed.Any<Seat>(seat => seat.Context.Message.Number == 2, TestContext.Current.CancellationToken));
        Assert.Equal(2, RawKafka.Ends(kafka, topic, 3).Sum());
        var consumed = await harness.Consumed.SelectAsync<Seat>(TestContext.Current.CancellationToken).First();
        Uri address = new KafkaTopicAddress(harness.Bus.Address, topic);
        Assert.Equal(address, consumed.Context.DestinationAddress);
    }

    [Fact]
    public async Task Topics_are_emptied_where_that_is_asked_for()
    {
        var kafka = await servers.KafkaAsync();
        Assert.SkipWhen(kafka.IsLossy, "The mock cluster deletes no topics.");
        var topic = UniqueName.From("emptied");
        await kafka.CreateTopicAsync(topic, 3, TestContext.Current.CancellationToken);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 50);
        await using var services = Services(kafka.ConnectionString, topic, clean: true).BuildServiceProvider(true);
        await services.GetTestHarness().Start();

        await Eventually.IsTrueAsync(() => IsEmpty(kafka, topic));
    }

    [Fact]
    public void After_AddMassTransit_it_is_too_late()
    {
        var services = new ServiceCollection().AddMassTransit(bus => bus.UsingInMemory());
        Assert.Throws<ConfigurationException>(() => services.ConfigureKafkaTestOptions());
    }

    /// <summary>A partition that has just been made may not have its leader yet.</summary>
    private static bool IsEmpty(IRunningServer kafka, string topic)
    {
        try
        {
            return RawKafka.Ends(kafka, topic, 3).Sum() == 0;
        }
        catch (KafkaException exception) when (exception.Error.IsBrokerError)
        {
            return false;
        }
    }

    private static IServiceCollection Services(string servers, string topic, bool clean = false) =>
        new ServiceCollection()
            .ConfigureKafkaTestOptions(new ClientConfig { BootstrapServers = servers }, options =>
            {
                options.TopicNames = [topic];
                options.Partitions = 3;
                options.CreateTopicsIfNotExists = true;
                options.CleanTopicsOnStart = clean;
            })
            .AddMassTransitTestHarness(bus =>
            {
                bus.DisableUsageTelemetry();
                bus.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(30));
                bus.AddRider(rider =>
                {
                    rider.AddProducer<long, Seat>(topic, context => context.Message.Number);
                    rider.UsingKafka((_, cluster) => cluster.TopicEndpoint<Seat>(topic, $"{topic}-group", endpoint =>
                            {
                                endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                                endpoint.Handler<Seat>(_ => Task.CompletedTask);
                            }));
                });
            });
}
