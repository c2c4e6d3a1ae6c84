using System.Text.Json;
using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Stock.Balance;
using Coupon.Stock.MySql;
using Coupon.Stock.Redis;
using Coupon.Stock.Registration;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Coupon.Tests.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

/// <summary>A Redis, a topic and a database in which a test puts seats where it wants them.</summary>
internal sealed class Books : IAsyncDisposable
{
    private static readonly DateTimeOffset _issuedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private readonly ServiceProvider _services;
    private readonly IProducer<long, byte[]> _producer;

    private Books((string Name, string Value)[] more, ServiceSettings settings)
    {
        Settings = settings;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Values)
            .AddInMemoryCollection(more.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConnectionMultiplexer>(ConnectionMultiplexer.Connect($"{settings.Redis.ConnectionString},allowAdmin=true"))
            .AddCouponDatabase(settings.MySql)
            .AddSingleton<StockTerms>()
            .AddCouponStock(configuration)
            .BuildServiceProvider();
        _producer = new ProducerBuilder<long, byte[]>(
            new ProducerConfig { BootstrapServers = settings.Kafka.ConnectionString, Acks = Acks.All }
        ).Build();
    }

    public ServiceSettings Settings { get; }

    public long CouponId { get; private set; }

    public CouponKeys Keys => new(CouponId);

    public IDatabase Redis => _services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    public DatabaseFence MySql => _services.GetRequiredService<DatabaseFence>();

    public StockVerifier Verifier => _services.GetRequiredService<StockVerifier>();

    public static async Task<Books> OpenAsync(TestServers servers, long total, IKafkaServer? kafka = null, params (string Name, string Value)[] more)
    {
        var books = new Books(
            more,
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka ?? await servers.KafkaAsync(), await servers.CreateDatabaseAsync())
        );
        await using var context = books.Context();
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = "Books",
            TotalQuantity = total,
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync();
        books.CouponId = coupon.Id;
        await books._services.GetRequiredService<StockTerms>().LoadAsync(CouponTerms.Of(coupon));
        await books.MarkVerifiedAsync(0);
        return books;
    }

    public Task<IReadOnlyList<long>> CurrentCouponsAsync() =>
        _services.GetRequiredService<BalanceReader>().CurrentCouponsAsync(TestContext.Current.CancellationToken);

    public CouponDbContext Context() => TestDatabase.Open(Settings.MySql);

    /// <summary>The balance of a Redis that counts as verified, also where a test has flushed it.</summary>
    public async Task<CouponBalance> BalanceAsync()
    {
        if (!await Redis.KeyExistsAsync(ShardKeys.Whole.Verified))
            await MarkVerifiedAsync(0);
        return await ReadBalanceAsync();
    }

    /// <summary>As a verification of everything leaves it.</summary>
    public async Task MarkVerifiedAsync(long epoch) =>
        await Redis.StringSetAsync(
            ShardKeys.Whole.Verified,
            new VerifiedMarker(epoch, (await RedisIdentity.ReadAsync(Redis.Multiplexer, Shard.Whole)).History).ToValue()
        );

    public async Task<CouponBalance> ReadBalanceAsync() =>
        await _services.GetRequiredService<BalanceReader>().ReadAsync(CouponId, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException("No such coupon.");

    public Task<IReadOnlyList<CouponBalance>> ReadBalancesAsync(IReadOnlyCollection<long> coupons) =>
        _services.GetRequiredService<BalanceReader>().ReadAsync(coupons, TestContext.Current.CancellationToken);

    /// <summary>Brings the terms that MySQL holds to Redis once more.</summary>
    public async Task ReconcileAsync()
    {
        await using var context = Context();
        var coupon = await context.Coupons.FindAsync(CouponId) ?? throw new InvalidOperationException("No such coupon.");
        await _services.GetRequiredService<StockTerms>().ApplyAsync(CouponTerms.Of(coupon));
    }

    public async Task<CouponFindings> RebuildAsync() =>
        (await Verifier.RebuildAsync([CouponId], "test", TestContext.Current.CancellationToken))!.Coupons.Single();

    /// <summary>As the script does: user 1000 + ordinal gets the next ordinals, with their outbox entries.</summary>
    public async Task SellInRedisAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var ordinal = await Redis.HashIncrementAsync(Keys.State, StateFields.Issued);
            await Redis.HashDecrementAsync(Keys.State, StateFields.Remaining);
            await Redis.HashSetAsync(Keys.Users, UserOf(ordinal), $"{ordinal}:{_issuedAt.ToUnixTimeMilliseconds()}");
            await Redis.SortedSetAddAsync(Keys.Outbox, Member(ordinal), 0);
        }
    }

    public async Task RemoveFromOutboxAsync(params long[] ordinals) =>
        await Redis.SortedSetRemoveAsync(Keys.Outbox, [.. ordinals.Select(ordinal => (RedisValue)Member(ordinal))]);

    /// <summary>The ordinals that wait in the outbox.</summary>
    public async Task<List<long>> OutboxAsync() =>
        [
            .. (await Redis.SortedSetRangeByRankAsync(Keys.Outbox)).Select(member =>
                HeldSeat.TryParseOutbox(CouponId, member, out var seat) ? seat.Ordinal : 0
            ),
        ];

    /// <summary>As the group that writes does: all that is in the main topic by now has been dealt with.</summary>
    public Task CommitAsync() =>
        Task.Run(() =>
        {
            using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(
                new ConsumerConfig { BootstrapServers = Settings.Kafka.ConnectionString, GroupId = Settings.PersistenceGroup }
            ).Build();
            consumer.Commit(
                Enumerable
                    .Range(0, 4)
                    .Select(partition => new TopicPartition(Settings.CouponIssuedTopic, partition))
                    .Select(partition => new TopicPartitionOffset(
                        partition,
                        consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(10)).High
                    ))
            );
        });

    public Task ProduceAsync(params long[] ordinals) => ProduceToAsync(Settings.CouponIssuedTopic, ordinals);

    public Task ProduceDeadLettersAsync(params long[] ordinals) => ProduceToAsync(Settings.DeadLettersTopic, ordinals);

    public Task PersistAsync(params long[] ordinals) => PersistAsync(ordinals, UserOf);

    /// <summary>A row of a user who is not the one that the ordinal usually belongs to.</summary>
    public Task PersistForAsync(long userId, long ordinal) => PersistAsync([ordinal], _ => userId);

    /// <summary>An unread message of somebody who claims a seat.</summary>
    public Task ProduceClaimAsync(long userId, long ordinal) =>
        _producer.ProduceAsync(Settings.CouponIssuedTopic, new Message<long, byte[]> { Key = userId, Value = Message(userId, ordinal) });

    /// <summary>An open dead letter of somebody who claims a seat.</summary>
    public Task AddClaimToLedgerAsync(long userId, long ordinal) =>
        AddToLedgerAsync(DeadLetterState.Open, seatReturned: false, [ordinal], _ => userId);

    public Task AddToLedgerAsync(DeadLetterState state, bool seatReturned, params long[] ordinals) =>
        AddToLedgerAsync(state, seatReturned, ordinals, UserOf);

    private async Task AddToLedgerAsync(DeadLetterState state, bool seatReturned, long[] ordinals, Func<long, long> userOf)
    {
        await using var context = Context();
        context.DeadLetters.AddRange(
            ordinals.Select(ordinal => new DeadLetterRow
            {
                Topic = Settings.CouponIssuedTopic,
                Partition = 0,
                Offset = (1_000_000 * (1 + (long)state)) + ordinal,
                ConsumerGroup = "test",
                State = state,
                Cause = "test",
                Headers = "[]",
                CouponId = CouponId,
                Ordinal = ordinal,
                UserId = userOf(ordinal),
                Value = Message(userOf(ordinal), ordinal),
                SeatReturnRequested = seatReturned,
                OrdinalVoided = state == DeadLetterState.Discarded,
            })
        );
        if (seatReturned)
            (await context.Coupons.FindAsync(CouponId))!.ReturnedQuantity += ordinals.Length;
        await context.SaveChangesAsync();
    }

    /// <summary>What remains after a flush: nothing.</summary>
    public async Task FlushAsync() => await Redis.ExecuteAsync("FLUSHALL");

    public async Task<long> StateAsync(string field) => (long)await Redis.HashGetAsync(Keys.State, field);

    public static long UserOf(long ordinal) => 1000 + ordinal;

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await _services.DisposeAsync();
        await Settings.DisposeAsync();
    }

    private async Task PersistAsync(long[] ordinals, Func<long, long> userOf)
    {
        await using var context = Context();
        context.IssuedCoupons.AddRange(
            ordinals.Select(ordinal => new IssuedCouponRow
            {
                CouponId = CouponId,
                Ordinal = ordinal,
                UserId = userOf(ordinal),
                IssuedAt = _issuedAt.UtcDateTime,
            })
        );
        await context.SaveChangesAsync();
    }

    private async Task ProduceToAsync(string topic, long[] ordinals)
    {
        foreach (var ordinal in ordinals)
            await _producer.ProduceAsync(topic, new Message<long, byte[]> { Key = UserOf(ordinal), Value = Message(ordinal) });
    }

    private byte[] Message(long ordinal) => Message(UserOf(ordinal), ordinal);

    private byte[] Message(long userId, long ordinal) =>
        JsonSerializer.SerializeToUtf8Bytes(new CouponIssued(CouponId, ordinal, userId, _issuedAt), JsonSerializerOptions.Web);

    private static string Member(long ordinal) => $"{ordinal}:{UserOf(ordinal)}:{_issuedAt.ToUnixTimeMilliseconds()}";
}
