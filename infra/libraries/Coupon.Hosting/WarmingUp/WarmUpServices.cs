using Coupon.Hosting.Background;
using Coupon.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.WarmingUp;

/// <summary>Registers a program's warm-up.</summary>
public static class WarmUpServices
{
    /// <summary>Adds the warm-up and the check <c>warm-up</c>: the process is not ready before it is over.</summary>
    public static IServiceCollection AddWarmUp<T>(this IServiceCollection services)
        where T : WarmUpService
    {
        services.AddHostedSingleton<T>().AddSingleton<WarmUpService>(provider => provider.GetRequiredService<T>());
        services.AddHealthChecks().AddCheck<WarmUpHealth>("warm-up", tags: [HealthEndpoints.Ready]);
        return services;
    }
}
