using Coupon.Hosting.Background;

namespace Coupon.Api.Issuing.Deciding;

internal static class DecidingServices
{
    /// <summary>Adds the decision of presses.</summary>
    public static IServiceCollection AddDeciding(this IServiceCollection services) =>
        services
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, IssuanceJson.Default))
            .AddSingleton<IssueScript>()
            .AddHostedSingleton<PressQueues>()
            .AddSingleton<Issuer>()
            .AddSingleton<MissingCoupons>()
            .AddSingleton<PressEndpoint>();

    /// <summary>Maps the button.</summary>
    public static void MapPress(this IEndpointRouteBuilder routes) => routes.ServiceProvider.GetRequiredService<PressEndpoint>().Map(routes);
}
