using Coupon.Database;
using Coupon.Hosting.Outages;
using Coupon.Hosting.Stopping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Coupon.Hosting;

/// <summary>Registers what this library offers.</summary>
public static class HostingServices
{
    /// <summary>
    /// Adds <see cref="ServerOutages"/>, before all logging, the check of MySQL at start, and what an orderly stop needs. Call it first: what it adds
    /// is started first.
    /// </summary>
    public static void AddServiceHosting(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServiceExit>();
        services.AddDrain();
        services.AddSingleton<LoggerFactory>();
        services.AddSingleton<OutageLogging>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => provider.GetRequiredService<OutageLogging>()));
        services.AddSingleton(provider => provider.GetRequiredService<OutageLogging>().Outages);
        services.AddSingleton(provider => new ConnectionWatch(provider.GetRequiredService<ServerOutages>().MySql.Succeeded));
        services.AddHostedService<MySqlStartCheck>();
        services.AddHostedService<OutageTicks>();
    }
}
