using Coupon.Hosting.Health;

namespace Coupon.Api.Health;

internal static class HealthServices
{
    /// <summary>Adds the checks of the stock in Redis and of Kafka.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services
            .AddHostedService<StockProbe>()
            .AddHealthChecks()
            .AddCheck<StockHealth>("stock", tags: [HealthEndpoints.Ready])
            .AddCheck<KafkaHealth>("kafka", tags: [HealthEndpoints.Ready]);
        return services;
    }
}
