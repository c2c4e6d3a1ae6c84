namespace Coupon.Api.Durability;

internal static class DurabilityServices
{
    /// <summary>
    /// Adds checks that log at start where a server is configured more weakly than docs/durability.md requires. None of them stops or delays the
    /// start.
    /// </summary>
    public static IServiceCollection AddDurability(this IServiceCollection services) =>
        services.AddHostedService<RedisDurability>().AddHostedService<KafkaDurability>().AddHostedService<MySqlDurability>();
}
