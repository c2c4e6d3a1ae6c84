using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coupon.Hosting.Background;

/// <summary>Registers hosted services that other services use as well.</summary>
public static class HostedSingletons
{
    /// <summary>Registers a service that the host starts and stops, and that can be asked for by its own type.</summary>
    public static IServiceCollection AddHostedSingleton<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
