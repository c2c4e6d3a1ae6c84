using Confluent.Kafka;
using Coupon.Database;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.KafkaRider;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>kill −9 of the consumer while it writes, or a freeze (SIGSTOP); another process of the same group goes on.</summary>
public sealed class KilledConsumerTests(TestServers servers)
{
    // By the key, as any client chooses.
    private const int Any = -1;

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
    /// A kill at the worst moment: rows are inserted, nothing is committed, and there was time to commit offsets too early.
    /// </summary>
    [Fact]
    public async Task A_consumer_that_is_killed_inside_a_transaction_has_committed_no_offset_of_it()
    {
        const int messages = 40;
        await using var service = await ServiceSettings.CreateAsync(servers, partitions: 2);
        await using var doomed = await service.StartConsumerAsync(("Batch__Concurrency", "8"));
        await using var context = TestDatabase.Open(service.MySql);
        var coupon = await WriteFirstHalfAsync(service, context, messages, partition: 0);
        var another = await CreateCouponAsync(context);

        // A batch that adds its rows to the coupon waits for this lock, inside its transaction.
        await using (var holding = await context.Database.BeginTransactionAsync(ConsumerFixture.Stop))
        {
            await HaveSecondHalfWaitForCouponAsync(service, context, coupon, messages, partition: 0);

            // A commit covers all partitions. So one that has another coupon's messages, which came later, would have covered the second half too, if
            // the consumer committed messages that it has only read.
            await SendAsync(service, another, first: 1, messages, partition: 1);
            await Eventually.IsTrueAsync(() => Committed(service)[1] == messages, otherwise: () => "the other coupon's messages are committed");
            Assert.Equal(messages, Committed(service)[0]);
            await doomed.KillAsync();
            await holding.RollbackAsync(ConsumerFixture.Stop);
        }
        await using var successor = await service.StartConsumerAsync();

        await RowsAsync(context, coupon, 2 * messages);
        await AssertWrittenOnceAsync(context, coupon, 2 * messages);
    }

    /// <summary>It holds the lock of the coupon, which everybody who writes rows of this coupon needs, and nothing ends but by a time-out.</summary>
    [Fact]
    public async Task A_consumer_that_is_frozen_inside_a_transaction_keeps_nobody_from_writing_for_long()
    {
        const int messages = 40;
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var frozen = await service.StartConsumerAsync();
        await using var context = TestDatabase.Open(service.MySql);
        var coupon = await WriteFirstHalfAsync(service, context, messages);

        // Frozen with its last statement sent: MySQL gives it the lock when this transaction ends, and waits for a commit that does not come.
        await using (var holding = await context.Database.BeginTransactionAsync(ConsumerFixture.Stop))
        {
            await HaveSecondHalfWaitForCouponAsync(service, context, coupon, messages);
            frozen.Freeze();
            await holding.RollbackAsync(ConsumerFixture.Stop);
        }
        try
        {
            await using var successor = await service.StartConsumerAsync();
            await RowsAsync(context, coupon, 2 * messages);

            frozen.Thaw();
            await SendAsync(service, coupon, first: (2 * messages) + 1, messages);
            await RowsAsync(context, coupon, 3 * messages);
        }
        finally
        {
            frozen.Thaw();
        }

        // What it had under way when it thawed has come to nothing, and it writes on.
        await SendAsync(service, coupon, first: (3 * messages) + 1, messages);
        await RowsAsync(context, coupon, 4 * messages);
        await AssertWrittenOnceAsync(context, coupon, 4 * messages);
    }

    private static async Task<long> WriteFirstHalfAsync(ServiceSettings service, CouponDbContext context, int messages, int partition = Any)
    {
        var coupon = await CreateCouponAsync(context);
        await SendAsync(service, coupon, first: 1, messages, partition);
        await RowsAsync(context, coupon, messages);
        return coupon;
    }

    private static async Task<long> CreateCouponAsync(CouponDbContext context)
    {
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = "A coupon",
            TotalQuantity = 1000,
            CreatedAt = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync(ConsumerFixture.Stop);
        return coupon.Id;
    }

    // In the caller's transaction, which holds the coupon until it ends.
    private static async Task HaveSecondHalfWaitForCouponAsync(
        ServiceSettings service,
        CouponDbContext context,
        long coupon,
        int messages,
        int partition = Any
    )
    {
        await context.Coupons.FromSql($"SELECT * FROM coupons WHERE id = {coupon} FOR UPDATE").ToListAsync(ConsumerFixture.Stop);
        await SendAsync(service, coupon, first: messages + 1, messages, partition);
        await Eventually.IsTrueAsync(() => UncommittedAsync(service, coupon, messages), "the second half is inserted and not committed");
    }

    // By id, each ordinal with its user.
    private static async Task AssertWrittenOnceAsync(CouponDbContext context, long coupon, int count)
    {
        var rows = await context
            .IssuedCoupons.AsNoTracking()
            .Where(row => row.CouponId == coupon)
            .OrderBy(row => row.Ordinal)
            .ToListAsync(ConsumerFixture.Stop);
        Assert.Equal(Enumerable.Range(1, count).Select(ordinal => ((long)ordinal, ordinal + 1000L)), rows.Select(row => (row.Ordinal, row.UserId)));
        Assert.Equal(count, await context.Coupons.Where(row => row.Id == coupon).Select(row => row.IssuedQuantity).SingleAsync(ConsumerFixture.Stop));
        Assert.Empty(context.DeadLetters);
    }

    private static long[] Committed(ServiceSettings service) =>
        RawKafka.Committed(service.Kafka, service.CouponIssuedTopic, service.PersistenceGroup, 2);

    private static async Task SendAsync(ServiceSettings service, long coupon, int first, int count, int partition = Any)
    {
        using var producer = new ProducerBuilder<long, byte[]>(new ProducerConfig { BootstrapServers = service.Kafka.ConnectionString }).Build();
        await Task.WhenAll(
            Enumerable
                .Range(first, count)
                .Select(ordinal =>
                    producer.ProduceAsync(
                        new TopicPartition(service.CouponIssuedTopic, partition),
                        new Message<long, byte[]> { Key = ordinal, Value = ConsumerFixture.Message(coupon, ordinal, ordinal + 1000) },
                        ConsumerFixture.Stop
                    )
                )
        );
    }

    private static Task RowsAsync(CouponDbContext context, long coupon, int count) =>
        Eventually.IsTrueAsync(
            async () => await context.IssuedCoupons.CountAsync(row => row.CouponId == coupon, ConsumerFixture.Stop) == count,
            $"{count} rows"
        );

    private static async Task<bool> UncommittedAsync(ServiceSettings service, long coupon, int committed)
    {
        await using var context = TestDatabase.Open(service.MySql);
        await using var dirty = await context.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted, ConsumerFixture.Stop);
        return await context.IssuedCoupons.CountAsync(row => row.CouponId == coupon, ConsumerFixture.Stop) > committed;
    }
}
