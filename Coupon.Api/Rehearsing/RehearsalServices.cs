using Coupon.Api.Http;

namespace Coupon.Api.Rehearsing;

internal static class RehearsalServices
{
    public static void AddRehearsal(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidated<RehearsalOptions>("Rehearsal");
        builder
            .Services.AddSingleton<RehearsalRound>()
            .AddSingleton<Rehearsal>()
            .AddHostedService(provider => provider.GetRequiredService<Rehearsal>());
        builder.Services.AddHealthChecks().AddCheck<RehearsalHealth>("rehearsal", tags: ["ready"]);
    }
}
