using Coupon.Consumers.Consumption;

namespace Coupon.Consumers.Issuing;

internal static class IssuingServices
{
    /// <summary>Everything between a batch of messages and its rows.</summary>
    public static IServiceCollection AddIssuing(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RetryOptions>().Bind(configuration.GetSection("Retry")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ValveOptions>().Bind(configuration.GetSection("Valve")).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddPersistencePipeline()
            .AddSingleton<ConsumptionState>()
            .AddSingleton<ConsumptionGate>()
            .AddSingleton<DeadLetterValve>()
            .AddSingleton<ConsumerMetrics>()
            .AddSingleton<RowLoading>()
            .AddSingleton<IssuedCouponWriter>()
            .AddSingleton<PoisonIsolation>()
            .AddSingleton<ValvedWriting>();
    }
}
