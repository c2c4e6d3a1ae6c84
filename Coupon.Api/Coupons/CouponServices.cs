using Coupon.Hosting.Background;
using Coupon.Hosting.Configuration;
using Coupon.Stock;

namespace Coupon.Api.Coupons;

internal static class CouponServices
{
    /// <summary>Adds the life of coupons: creation, changes, deletion, and the reconciliation of Redis with MySQL.</summary>
    public static IServiceCollection AddCoupons(this IServiceCollection services)
    {
        services.AddValidated<CouponOptions>("Coupons");
        return services
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CouponJson.Default))
            .AddSingleton<StockTerms>()
            .AddSingleton<SharedBalances>()
            .AddSingleton<Rebuilds>()
            .AddSingleton<CouponLookUp>()
            .AddSingleton<CouponReader>()
            .AddSingleton<CouponOperations>()
            .AddSingleton<CouponDeletion>()
            .AddHostedSingleton<CouponReconciliation>();
    }
}
