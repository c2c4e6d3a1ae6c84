using Coupon.Hosting.Configuration;
using Coupon.Hosting.WarmingUp;

namespace Coupon.Api.WarmingUp;

internal static class ApiWarmUpServices
{
    /// <summary>Adds the warm-up. The instance is not ready before it is over.</summary>
    public static IServiceCollection AddWarmUp(this IServiceCollection services)
    {
        services.AddValidated<WarmUpOptions>("WarmUp");
        return services.AddWarmUp<WarmUp>();
    }
}
