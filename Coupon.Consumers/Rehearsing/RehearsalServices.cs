using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Rehearsing;

internal static class RehearsalServices
{
    public static IServiceCollection AddRehearsal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RehearsalOptions>().Bind(configuration.GetSection("Rehearsal")).ValidateDataAnnotations().ValidateOnStart();
        services.AddHealthChecks().AddCheck<RehearsalHealth>("rehearsal", tags: ["ready"]);
        return services
            .AddSingleton(provider => provider.GetRequiredService<IOptions<RehearsalOptions>>().Value)
            .AddSingleton<Rehearsal>()
            .AddHostedService(provider => provider.GetRequiredService<Rehearsal>());
    }
}
