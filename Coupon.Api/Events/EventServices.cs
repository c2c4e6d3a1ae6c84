using Coupon.Hosting.Background;
using Coupon.Hosting.Configuration;

namespace Coupon.Api.Events;

internal static class EventServices
{
    /// <summary>Adds the live events of coupons.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddValidated<EventOptions>("Events");
        return services.AddSingleton<OwnResults>().AddHostedSingleton<CouponFeeds>();
    }
}
