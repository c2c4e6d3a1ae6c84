using Coupon.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Http;

/// <summary>Registers the proxies in front, and lets them say the address of the client.</summary>
public static class ProxyServices
{
    /// <summary>Registers <see cref="ProxyOptions"/> and <see cref="TrustedProxies"/>.</summary>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services)
    {
        services.AddValidated<ProxyOptions>("Proxies");
        return services.AddSingleton<TrustedProxies>();
    }

    /// <summary>Makes the client's address the one that a trusted proxy names. To be called before everything that asks for it.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var networks = app.Services.GetRequiredService<ProxyOptions>().ToNetworks();
        if (networks.Count == 0)
            return;
        app.Use(
            (context, next) =>
            {
                TrustedProxies.Note(context);
                return next(context);
            }
        );
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in networks)
            forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
    }
}
