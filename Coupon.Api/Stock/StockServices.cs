using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Outbox;
using Coupon.Database;
using Coupon.Stock;

namespace Coupon.Api.Stock;

internal static class StockServices
{
    public static async Task AddStockAsync(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(await RedisConnection.OpenAsync(builder.Configuration.GetRequiredConnectionString("Redis")));
        services.AddCouponConnections(builder.Configuration.GetRequiredConnectionString("MySql"));
        services.AddSingleton<StockTerms>();
        services.AddStockFence(builder.Configuration, IssueScript.Source, WaitingScript.Source);
    }

    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public static string GetRequiredConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not configured (environment: ConnectionStrings__{name}).");
}
