using Confluent.Kafka;
using Coupon.Database;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>kill −9 of the consumer while it writes; another process of the same group goes on.</summary>
public sealed class KilledConsumerTests(TestServers servers)
{
    [Fact]
    public async Task A_consumer_that_is_killed_in_the_middle_of_its_work_loses_nothing_and_writes_nothing_twice()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var doomed = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 10_000);
        await using var crowd = new Crowd(coupon, api.Url);

        var asking = crowd.AskAsync(TimeSpan.FromSeconds(3), perSecond: 300);
        await Eventually.IsTrueAsync(() => Task.FromResult(crowd.Accepted > 200), "some were accepted");
        await doomed.KillAsync();
        await using var successor = await service.StartConsumerAsync();
        await asking;

        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// The same at the worst moment, by design and not by chance: rows inserted, nothing committed, and time enough to commit offsets too early.
    /// </summary>
    [Fact]
    public async Task A_consumer_that_is_killed_inside_a_transaction_has_committed_no_offset_of_it()
    {
        const int messages = 40;
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var doomed = await service.StartConsumerAsync();
        await using var context = TestDatabase.Open(service.MySql);
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = "A coupon",
            TotalQuantity = 1000,
            CreatedAt = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync(ConsumerBench.Stop);
        await SendAsync(service, coupon.Id, first: 1, messages);
        await RowsAsync(context, coupon.Id, messages);

        // Whoever counts its rows into the coupon waits here, inside its transaction.
        await using (var holding = await context.Database.BeginTransactionAsync(ConsumerBench.Stop))
        {
            await context.Coupons.FromSql($"SELECT * FROM coupons WHERE id = {coupon.Id} FOR UPDATE").ToListAsync(ConsumerBench.Stop);
            await SendAsync(service, coupon.Id, first: messages + 1, messages);
            await Eventually.IsTrueAsync(() => UncommittedAsync(service, coupon.Id, messages), "the second half is inserted and not committed");

            // More than two intervals of commits: one that commits what it has read, rather than what it has written, has done so by now.
            await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, ConsumerBench.Stop);
            await doomed.KillAsync();
            await holding.RollbackAsync(ConsumerBench.Stop);
        }
        await using var successor = await service.StartConsumerAsync();

        await RowsAsync(context, coupon.Id, 2 * messages);
        Assert.Equal(
            2 * messages,
            await context.Coupons.Where(row => row.Id == coupon.Id).Select(row => row.IssuedQuantity).SingleAsync(ConsumerBench.Stop)
        );
        Assert.Empty(context.DeadLetters);
    }

    private static async Task SendAsync(ServiceSettings service, long coupon, int first, int count)
    {
        using var producer = new ProducerBuilder<long, byte[]>(new ProducerConfig { BootstrapServers = service.Kafka.ConnectionString }).Build();
        await Task.WhenAll(
            Enumerable
                .Range(first, count)
                .Select(ordinal =>
                    producer.ProduceAsync(
                        service.CouponIssuedTopic,
                        new Message<long, byte[]> { Key = ordinal, Value = ConsumerBench.Message(coupon, ordinal, ordinal + 1000) },
                        ConsumerBench.Stop
                    )
                )
        );
    }

    private static Task RowsAsync(CouponDbContext context, long coupon, int count) =>
        Eventually.IsTrueAsync(
            async () => await context.IssuedCoupons.CountAsync(row => row.CouponId == coupon, ConsumerBench.Stop) == count,
            $"{count} rows"
        );

    private static async Task<bool> UncommittedAsync(ServiceSettings service, long coupon, int committed)
    {
        await using var context = TestDatabase.Open(service.MySql);
        await using var dirty = await context.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted, ConsumerBench.Stop);
        return await context.IssuedCoupons.CountAsync(row => row.CouponId == coupon, ConsumerBench.Stop) > committed;
    }
}
