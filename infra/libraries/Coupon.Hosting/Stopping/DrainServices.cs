using Coupon.Hosting.Configuration;
using Coupon.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Stopping;

/// <summary>Registers <see cref="Drain"/>.</summary>
public static class DrainServices
{
    internal static void AddDrain(this IServiceCollection services)
    {
        services.AddValidated<StopOptions>("Stop");
        services.AddSingleton<Drain>();
        services.AddHealthChecks().AddCheck<DrainHealth>("stop", tags: [HealthEndpoints.Ready]);
    }

    /// <summary>Tells clients of a program that was asked to stop, with each answer, not to send on this connection again. Call it first.</summary>
    public static void UseDrain(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use(
            (context, next) =>
            {
                drain.Tell(context);
                return next(context);
            }
        );
    }
}
