using Coupon.Consumers.Consumption;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Configuration;
using Coupon.Hosting.WarmingUp;
using MySqlConnector;
using Polly.Registry;

namespace Coupon.Consumers.WarmingUp;

internal static class ConsumerWarmUpServices
{
    /// <summary>
    /// Writes batches of a coupon that does not exist before the process is ready, by a writer of its own whose transactions count apart.
    /// </summary>
    public static IServiceCollection AddConsumerWarmUp(this IServiceCollection services)
    {
        services.AddValidated<WarmUpOptions>("WarmUp");
        return services
            .AddKeyedSingleton(WarmUp.Writing, (provider, _) =>
                new PoisonIsolation(
                    new IssuedCouponWriter(
                        provider.GetRequiredService<MySqlDataSource>(),
                        provider.GetRequiredService<RowLoading>(),
                        provider.GetRequiredService<ConsumerMetrics>().WarmUpTransactions,
                        durations: null,
                        provider.GetRequiredService<TimeProvider>()
                    ),
                    provider.GetRequiredService<ResiliencePipelineProvider<string>>(),
                    provider.GetRequiredService<ConsumptionState>(),
                    provider.GetRequiredService<TimeProvider>()
                )
            )
            .AddWarmUp<WarmUp>();
    }
}
