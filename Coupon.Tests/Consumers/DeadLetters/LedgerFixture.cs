using Confluent.Kafka;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Records;
using Coupon.Database;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>The ledger with its operations as the process builds them, without the bus: on topics, a database and a Redis of their own.</summary>
internal sealed class LedgerFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private LedgerFixture(ServiceSettings settings)
    {
        Settings = settings;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Values).Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddKafkaNames()
            .AddCouponDatabase(settings.MySql)
            .AddSingleton(_ => RedisClient.Connect(configuration))
            .AddConsumption()
            .AddIssuing()
            .AddDeadLetters(configuration)
            .ConfigureDbContext<CouponDbContext>(options => options.AddInterceptors(Answers, Commands))
            .BuildServiceProvider();
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ServiceSettings Settings { get; }

    public LostAnswers Answers { get; } = new();

    public CommandGate Commands { get; } = new();

    public DeadLetterLedger Ledger => Get<DeadLetterLedger>();

    public static async Task<LedgerFixture> CreateAsync(TestServers servers) => new(await ServiceSettings.CreateAsync(servers));

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public CouponDbContext Open() => Get<IDbContextFactory<CouponDbContext>>().CreateDbContext();

    public IDatabase Redis => Get<IConnectionMultiplexer>().GetDatabase();

    public async Task<CouponRow> AddCouponAsync(long total)
    {
        await using var context = Open();
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = "A coupon",
            TotalQuantity = total,
            CreatedAt = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync();
        return coupon;
    }

    /// <summary>A coupon of which users 1001, 1002 … hold the first seats in Redis.</summary>
    public async Task<CouponRow> SellAsync(long total, int issued)
    {
        var coupon = await AddCouponAsync(total);
        await Get<StockTerms>().LoadAsync(CouponTerms.Of(coupon));
        var keys = new CouponKeys(coupon.Id);
        for (var ordinal = 1; ordinal <= issued; ordinal++)
            await Redis.HashSetAsync(keys.Users, ordinal + 1000, $"{ordinal}:1777636800000");
        await Redis.HashIncrementAsync(keys.State, StateFields.Issued, issued);
        await Redis.HashDecrementAsync(keys.State, StateFields.Remaining, issued);
        return coupon;
    }

    /// <summary>The voided and returned seats in MySQL, and the remaining seats in Redis.</summary>
    public async Task<(long Voided, long Returned, long Remaining)> SeatsAsync(long couponId)
    {
        await using var context = Open();
        var coupon = await context.Coupons.SingleAsync(row => row.Id == couponId);
        return (
            coupon.VoidedQuantity,
            coupon.ReturnedQuantity,
            (long)await Redis.HashGetAsync(new CouponKeys(couponId).State, StateFields.Remaining)
        );
    }

    /// <summary>A dead letter as the consumer would publish it.</summary>
    public DeadLetter Letter(long offset, long coupon = 1, long ordinal = 1, long user = 1, string cause = RejectionCauses.UnknownCoupon) =>
        new()
        {
            Topic = Settings.CouponIssuedTopic,
            Partition = 0,
            Offset = offset,
            Key = [0, 1, 2, 255],
            Value = System.Text.Encoding.UTF8.GetBytes(
                $$"""{"couponId":{{coupon}},"ordinal":{{ordinal}},"userId":{{user}},"issuedAt":"2026-05-01T12:00:00+00:00","later":"kept"}"""
            ),
            Headers =
            [
                new MessageHeader("text", "words"u8.ToArray()),
                new MessageHeader("binary", [0, 159, 146, 150]),
                new MessageHeader("text", "again"u8.ToArray()),
            ],
            ConsumerGroup = Settings.PersistenceGroup,
            Cause = cause,
            ExceptionType = "Some.Exception",
            ExceptionMessage = "Some reason",
            Attempts = 3,
            FirstFailedAt = new DateTimeOffset(2026, 5, 1, 12, 0, 1, TimeSpan.Zero),
            LastFailedAt = new DateTimeOffset(2026, 5, 1, 12, 0, 2, TimeSpan.Zero),
            TraceId = "0af7651916cd43dd8448eb211c80319c",
        };

    /// <summary>The origin of such a letter, as the headers of its replay name it.</summary>
    public string OriginOf(long offset) => new Origin(Settings.CouponIssuedTopic, 0, offset).ToString();

    public async Task<DeadLetterDetails> OnlyOneAsync()
    {
        var summary = Assert.Single(await Get<DeadLetterQueries>().ListAsync(new DeadLetterFilter(), 0, 100, default));
        return (await Get<DeadLetterQueries>().FindAsync(summary.Id, default))!;
    }

    /// <summary>Until so many transactions on this database wait for a lock.</summary>
    public Task WaitingAsync(int transactions = 1) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                // InnoDB refreshes INNODB_TRX only if it was not read in the last 100 ms:
                // https://dev.mysql.com/doc/refman/8.4/en/innodb-information-schema-internal-data.html
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
                await using var context = Open();
                return await context
                        .Database.SqlQuery<long>(
                            $"""
                            SELECT COUNT(*) AS `Value` FROM information_schema.innodb_trx AS t
                              JOIN information_schema.processlist AS p ON p.id = t.trx_mysql_thread_id
                            WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()
                            """
                        )
                        .SingleAsync() >= transactions;
            },
            $"{transactions} transactions wait for a lock"
        );

    /// <summary>All messages in the main topic.</summary>
    public List<ConsumeResult<byte[]?, byte[]?>> MainTopic() => TopicReader.ReadAll(Settings.Kafka.ConnectionString, Settings.CouponIssuedTopic);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Settings.DisposeAsync();
    }
}
