using Microsoft.Extensions.Configuration;

namespace Coupon.Hosting.Configuration;

/// <summary>Reads connection strings that a program cannot do without.</summary>
public static class ConnectionStrings
{
    /// <summary>The connection string of that name.</summary>
    /// <exception cref="InvalidOperationException">It is missing or empty; the message names the setting and its environment variable.</exception>
    public static string GetRequiredConnectionString(this IConfiguration configuration, string name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not configured (environment: ConnectionStrings__{name}).");
    }
}
