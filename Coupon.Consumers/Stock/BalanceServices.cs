namespace Coupon.Consumers.Stock;

internal static class BalanceServices
{
    /// <summary>Shows the drift of the books as a metric.</summary>
    public static IServiceCollection AddBalanceWatch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BalanceWatchOptions>().Bind(configuration.GetSection("Balance")).ValidateDataAnnotations().ValidateOnStart();
        return services.AddHostedService<BalanceWatch>();
    }
}
