using Coupon.Consumers;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Stock.Registration;
using Coupon.Tests.Servers;
using MassTransit;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>The consumers on MassTransit's own test harness, without Kafka and with it.</summary>
public sealed class TestHarnessTests(TestServers servers)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset _noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_batch_of_published_messages_is_written()
    {
        await using var services = await ServiceSettings.CreateAsync(servers);
        await using var provider = Provider(services, (bus, _) => bus.AddConsumer<CouponIssuedBatchConsumer, CouponIssuedBatchConsumerDefinition>());
        var harness = await provider.StartTestHarness();
        var coupon = await AddCouponAsync(provider);

        await harness.Bus.PublishBatch(Messages(coupon, 40), ConsumerFixture.Stop);

        Assert.True(await harness.Consumed.Any<CouponIssued>(ConsumerFixture.Stop));
        await Eventually.IsTrueAsync(async () => await RowsAsync(provider, coupon) == 40, "40 rows");
    }

    [Fact]
    public async Task A_batch_from_the_topic_is_seen_by_the_harness_and_written()
    {
        await using var services = await ServiceSettings.CreateAsync(servers);
        await using var provider = Provider(services, (bus, configuration) =>
        {
            bus.AddKafkaConsumers(configuration);
        });
        var harness = await provider.StartTestHarness();
        var coupon = await AddCouponAsync(provider);
        using var producer = new RawProducer(new Confluent.Kafka.ClientConfig { BootstrapServers = services.Kafka.ConnectionString });

        foreach (var message in Messages(coupon, 40))
        {
            // The harness records only messages with an id.
            var headers = new Confluent.Kafka.Headers { { "MessageId", System.Text.Encoding.UTF8.GetBytes(NewId.NextGuid().ToString()) } };
            await producer.SendAsync(
                services.CouponIssuedTopic,
                null,
                ConsumerFixture.Message(coupon, message.Ordinal, message.UserId),
                headers,
                ConsumerFixture.Stop
            );
        }

        Assert.True(await harness.Consumed.Any<CouponIssued>(ConsumerFixture.Stop));
        await Eventually.IsTrueAsync(async () => await RowsAsync(provider, coupon) == 40, "40 rows");
    }

    private static ServiceProvider Provider(ServiceSettings settings, Action<IBusRegistrationConfigurator, IConfiguration> configure)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Values).Build();
        var provider = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddKafkaNames()
            .AddCouponDatabase(settings.MySql)
            .AddCouponStock(configuration)
            .AddSingleton(_ => RedisClient.Connect(configuration))
            .AddConsumption()
            .AddIssuing()
            .AddDeadLetters(configuration)
            .AddMassTransitTestHarness(bus =>
            {
                // The harness stops listening after a time without messages, and joining a group takes longer than its default.
                bus.SetTestTimeouts(testTimeout: _patience, testInactivityTimeout: _patience);
                configure(bus, configuration);
            })
            .BuildServiceProvider();
        // Nothing reads the switch here, and the gate is paused until it has been read.
        provider.GetRequiredService<ConsumptionGate>().Resume();
        return provider;
    }

    private static IEnumerable<CouponIssued> Messages(long coupon, int count) =>
        Enumerable.Range(1, count).Select(ordinal => new CouponIssued(coupon, ordinal, ordinal + 1000, _noon));

    private static async Task<long> AddCouponAsync(ServiceProvider provider)
    {
        await using var context = await provider.GetRequiredService<IDbContextFactory<CouponDbContext>>().CreateDbContextAsync(ConsumerFixture.Stop);
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = "A coupon",
            TotalQuantity = 1000,
            CreatedAt = _noon.UtcDateTime,
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync(ConsumerFixture.Stop);
        return coupon.Id;
    }

    private static async Task<int> RowsAsync(ServiceProvider provider, long coupon)
    {
        await using var context = await provider.GetRequiredService<IDbContextFactory<CouponDbContext>>().CreateDbContextAsync(ConsumerFixture.Stop);
        return await context.IssuedCoupons.CountAsync(row => row.CouponId == coupon, ConsumerFixture.Stop);
    }
}
