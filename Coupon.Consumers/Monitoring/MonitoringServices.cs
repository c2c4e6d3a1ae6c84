using Coupon.Hosting.Background;
using Coupon.Hosting.Configuration;

namespace Coupon.Consumers.Monitoring;

internal static class MonitoringServices
{
    /// <summary>Shows the open dead letters, the drift of the balances and what Redis holds as metrics.</summary>
    public static IServiceCollection AddWatches(this IServiceCollection services)
    {
        services.AddValidated<OpenDeadLettersOptions>("DeadLetters");
        services.AddValidated<BalanceWatchOptions>("Balance");
        return services.AddHostedService<OpenDeadLettersWatch>().AddHostedService<StockWatch>().AddHostedSingleton<BalanceWatch>();
    }

    /// <summary>The overview of the console and the JSON API.</summary>
    public static IServiceCollection AddOverview(this IServiceCollection services) =>
        services.AddHostedSingleton<SaleRates>().AddSingleton<CouponListing>().AddSingleton<CouponBooks>().AddSingleton<OverviewReader>();
}
