using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Outbox;
using Coupon.Api.Messaging;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Verification;
using Microsoft.Extensions.Options;

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
        services.AddOptions<VerificationOptions>().Validate<IOptions<ProducerOptions>>(
            (stock, producer) => stock.SettleTimeout >= producer.Value.MessageTimeout, "Stock:SettleTimeout must not be below Producer:MessageTimeout.");
    }

    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public static string GetRequiredConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value : throw new InvalidOperationException($"ConnectionStrings:{name} is not configured (environment: ConnectionStrings__{name}).");
}
