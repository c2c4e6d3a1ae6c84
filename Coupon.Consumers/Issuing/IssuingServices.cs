using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Configuration;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

internal static class IssuingServices
{
    /// <summary>Everything between a batch of messages and its rows.</summary>
    public static IServiceCollection AddIssuing(this IServiceCollection services)
    {
        services.AddValidated<RetryOptions>("Retry");
        services.AddValidated<BatchSettings>("Batch");
        return services
            .AddPersistencePipeline()
            .AddSingleton<RowLoading>()
            .AddSingleton(provider => new IssuedCouponWriter(
                provider.GetRequiredService<MySqlDataSource>(),
                provider.GetRequiredService<RowLoading>(),
                provider.GetRequiredService<ConsumerMetrics>().Transactions,
                provider.GetRequiredService<ConsumerMetrics>().TransactionTime,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<PoisonIsolation>()
            .AddSingleton<ValvedWriting>();
    }
}
