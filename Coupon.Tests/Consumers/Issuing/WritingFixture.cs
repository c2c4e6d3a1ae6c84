using System.Diagnostics.Metrics;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Issuing;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>The services between messages and rows as the process registers them, on a database of its own, with the transactions counted.</summary>
internal sealed class WritingFixture : IAsyncDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 5, 1, 12, 0, 0, 123, TimeSpan.Zero);

    private readonly ServiceProvider _services;

    private WritingFixture(ServiceProvider services, string connectionString) =>
        (_services, Transactions, ConnectionString) = (
            services,
            new TransactionCounter(services.GetRequiredService<IMeterFactory>()),
            connectionString
        );

    public TransactionCounter Transactions { get; }

    public string ConnectionString { get; }

    public PoisonIsolation Isolation => _services.GetRequiredService<PoisonIsolation>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<WritingFixture> CreateAsync(TestServers servers, params (string Key, string Value)[] settings) =>
        Create(await servers.CreateDatabaseAsync(), settings);

    public static WritingFixture Create(string connectionString, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddConsumption()
            .AddIssuing()
            .AddCouponDatabase(connectionString);
        return new WritingFixture(services.BuildServiceProvider(), connectionString);
    }

    public async Task<long> AddCouponAsync(long total)
    {
        await using var context = Open();
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = "A coupon",
            TotalQuantity = total,
            CreatedAt = _noon.UtcDateTime,
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync();
        return coupon.Id;
    }

    public Task<BatchResult> WriteAsync(params Issuance[] batch) => Isolation.WriteAsync(batch, int.MaxValue, CancellationToken.None);

    public CouponDbContext Open() => Get<IDbContextFactory<CouponDbContext>>().CreateDbContext();

    public async Task<(long Ordinal, long UserId)[]> RowsAsync(long couponId)
    {
        await using var context = Open();
        var rows = await context.IssuedCoupons.Where(row => row.CouponId == couponId).OrderBy(row => row.Ordinal).ToListAsync();
        return [.. rows.Select(row => (row.Ordinal, row.UserId))];
    }

    public async Task<long> IssuedQuantityAsync(long couponId)
    {
        await using var context = Open();
        return await context.Coupons.Where(coupon => coupon.Id == couponId).Select(coupon => coupon.IssuedQuantity).SingleAsync();
    }

    /// <summary>Ordinals from <paramref name="first"/> on, each for the user ordinal + 1,000.</summary>
    public static Issuance[] Issuances(long couponId, int count, long first = 1) =>
        [.. Enumerable.Range(0, count).Select(index => Issuance(couponId, first + index, first + index + 1000, index))];

    public static Issuance Issuance(long couponId, long ordinal, long userId, int index = 0) =>
        new(new CouponIssued(couponId, ordinal, userId, _noon), index);

    public ValueTask DisposeAsync()
    {
        Transactions.Dispose();
        return _services.DisposeAsync();
    }
}
