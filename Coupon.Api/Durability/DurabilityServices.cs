namespace Coupon.Api.Durability;

internal static class DurabilityServices
{
    /// <summary>
    /// Says at start where a server is configured more weakly than docs/durability.md supposes. None of it stops or delays anything.
    /// </summary>
    public static void AddDurability(this WebApplicationBuilder builder) =>
        builder.Services.AddHostedService<RedisDurability>().AddHostedService<KafkaDurability>().AddHostedService<MySqlDurability>();
}
