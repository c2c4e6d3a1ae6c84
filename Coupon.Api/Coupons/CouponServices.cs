using Coupon.Api.Http;

namespace Coupon.Api.Coupons;

internal static class CouponServices
{
    public static void AddCoupons(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CouponReader>();
        builder.Services.AddSingleton<CouponDesk>();
        builder.Services.AddSingleton<CouponDeletion>();
        builder.Services.AddSingleton<MissingCoupons>();
        builder.Services.AddValidated<CouponOptions>("Coupons");
        builder.Services.AddSingleton<CouponReconciliation>().AddHostedService(provider => provider.GetRequiredService<CouponReconciliation>());
    }
}
