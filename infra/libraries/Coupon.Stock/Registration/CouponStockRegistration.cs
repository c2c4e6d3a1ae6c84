using Coupon.Hosting.Background;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Stock.Balance;
using Coupon.Stock.Fence;
using Coupon.Stock.MySql;
using Coupon.Stock.Shards;
using Coupon.Stock.Tail;
using Coupon.Stock.Verification;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Registration;

/// <summary>
/// Registers what this library offers. An <see cref="IConnectionMultiplexer"/> and a <see cref="MySqlDataSource"/> must be registered too.
/// </summary>
public static class CouponStockRegistration
{
    /// <summary>
    /// Adds <see cref="StockVerifier"/>, <see cref="BalanceReader"/> and <see cref="CouponChanges"/>: what every program needs that looks at the
    /// stock or changes it.
    /// </summary>
    public static IServiceCollection AddCouponStock(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);

        // For a container without a host.
        services.TryAddSingleton(configuration);
        services.AddValidated<VerificationOptions>("Stock");
        services.AddKafkaNames();
        services.TryAddSingleton(provider => new TailSettings(
            KafkaClient.Configuration(configuration, "coupon-stock"),
            provider.GetRequiredService<TopicNames>(),
            provider.GetRequiredService<ConsumerGroupNames>()
        ));
        services.TryAddSingleton<CouponTail>();
        services.TryAddSingleton<StockTerms>();
        services.TryAddSingleton<CouponChanges>();
        services.TryAddSingleton<VerificationLog>();
        services.TryAddSingleton(provider => new DatabaseFence(
            provider.GetRequiredService<MySqlDataSource>(),
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<ILogger<DatabaseFence>>()
        ));
        services.TryAddSingleton(provider => new BalanceReader(
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<MySqlDataSource>(),
            provider.GetRequiredService<CouponTail>(),
            provider.GetRequiredService<VerificationLog>()
        ));
        services.TryAddSingleton(provider => new StockVerifier(
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<MySqlDataSource>(),
            provider.GetRequiredService<CouponTail>(),
            provider.GetRequiredService<VerificationLog>(),
            provider.GetRequiredService<DatabaseFence>(),
            provider.GetRequiredService<VerificationOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StockVerifier>>()
        ));
        return services;
    }

    /// <summary>Looks at MySQL all the time: for programs that run on.</summary>
    public static IServiceCollection AddDatabaseWatch(this IServiceCollection services) => services.AddHostedService<DatabaseWatch>();

    /// <summary>
    /// Adds <see cref="IStockFence"/>, for programs that issue. Call it before the bus is added: then this instance is reported gone only after
    /// the bus has flushed. An <see cref="IUnconfirmedIssuances"/> must be registered.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">Section <c>Stock</c> is <see cref="VerificationOptions"/>.</param>
    /// <param name="scripts">The scripts that give out seats.</param>
    public static IServiceCollection AddStockFence(this IServiceCollection services, IConfiguration configuration, params StockScript[] scripts)
    {
        services.AddCouponStock(configuration).AddDatabaseWatch();
        services.AddSingleton(new FenceScripts(scripts));
        services.AddSingleton(provider => new HandedBackSeats(provider.GetRequiredService<MySqlDataSource>()));
        services.AddSingleton(provider => new HandBack(
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<HandedBackSeats>(),
            provider.GetRequiredService<VerificationOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IUnconfirmedIssuances>()
        ));
        services.AddHostedSingleton<InstanceHeartbeat>();
        services.AddSingleton<Func<Shard, ShardFence>>(provider => shard => ActivatorUtilities.CreateInstance<ShardFence>(provider, shard));
        services.AddHostedSingleton<StockFence>();
        services.AddSingleton<IStockFence>(provider => provider.GetRequiredService<StockFence>());
        return services;
    }
}
