using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Configuration;

namespace Coupon.Consumers.Consumption;

internal static class ConsumptionServices
{
    /// <summary>Whether messages are consumed, and what stands in the way: for the process and for the commands.</summary>
    public static IServiceCollection AddConsumption(this IServiceCollection services)
    {
        services.AddValidated<ValveOptions>("Valve");
        return services
            .AddSingleton<ConsumerMetrics>()
            .AddSingleton<ConsumptionState>()
            .AddSingleton<ConsumptionGate>()
            .AddSingleton<DeadLetterValve>()
            .AddSingleton<ConsumptionSwitch>();
    }

    /// <summary>Makes the process obey the switch, and adds the check <c>consumption</c>.</summary>
    public static IServiceCollection AddConsumptionSwitchWatch(this IServiceCollection services)
    {
        services
            .AddHealthChecks()
            .AddCheck<ConsumptionHealth>("consumption", tags: [Hosting.Health.HealthEndpoints.Ready])
            .AddCheck<GroupHealth>("groups", tags: [Hosting.Health.HealthEndpoints.Ready]);
        return services.AddHostedService<ConsumptionSwitchWatch>();
    }
}
