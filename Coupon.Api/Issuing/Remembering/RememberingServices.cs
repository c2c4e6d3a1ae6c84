using Coupon.Hosting.Background;
using Coupon.Stock;

namespace Coupon.Api.Issuing.Remembering;

internal static class RememberingServices
{
    /// <summary>Adds what an instance remembers: the unconfirmed issuances, and the caches of seats and of sold-out coupons.</summary>
    public static IServiceCollection AddRemembering(this IServiceCollection services) =>
        services
            .AddSingleton<UnconfirmedIssuances>()
            .AddSingleton<IUnconfirmedIssuances>(provider => provider.GetRequiredService<UnconfirmedIssuances>())
            .AddSingleton<SeatCache>()
            .AddHostedSingleton<UnconfirmedCheck>()
            .AddHostedSingleton<SoldOutCache>();
}
