using Coupon.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Audit;

/// <summary>Registers the audit of what operators do.</summary>
public static class AuditServices
{
    /// <summary>The audit, for a program with an operators' door and for commands. Register MySQL too.</summary>
    public static IServiceCollection AddActionRecords(this IServiceCollection services) =>
        services.AddSingleton<ActionRecords>().AddSingleton<RequestActions>();

    /// <summary>Removes what is older than <see cref="AuditOptions"/> says. One program of a deployment is enough.</summary>
    public static IServiceCollection AddActionRetention(this IServiceCollection services)
    {
        services.AddValidated<AuditOptions>("Audit");
        return services.AddHostedService<ActionRetention>();
    }
}
