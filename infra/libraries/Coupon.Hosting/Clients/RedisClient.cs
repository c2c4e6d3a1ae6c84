using System.Security.Cryptography;
using Coupon.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Coupon.Hosting.Clients;

/// <summary>
/// Connects a program to Redis, at <c>ConnectionStrings:Redis</c>. One multiplexed connection serves the whole process: it pipelines by itself, and a
/// second one was measured to add nothing. With TLS (<c>ssl=true</c>), <c>Redis:CertificateAuthority</c> may name a PEM file with the private
/// authority that signed the server's certificate.
/// </summary>
public static class RedisClient
{
    private const int AsyncTimeoutMs = 2000;
    private const int ReconnectPauseMs = 250;
    private const string CertificateAuthority = "Redis:CertificateAuthority";

    /// <summary>
    /// Connects. Where Redis is away, this waits for the client's connect time-out, and the client goes on connecting in the background.
    /// </summary>
    /// <exception cref="InvalidOperationException">Redis is not configured; the message says how to.</exception>
    public static async Task<IConnectionMultiplexer> ConnectAsync(IConfiguration configuration) =>
        await ConnectionMultiplexer.ConnectAsync(Options(configuration));

    /// <summary>As <see cref="ConnectAsync"/>, for factories of a container, which cannot wait asynchronously.</summary>
    /// <exception cref="InvalidOperationException">Redis is not configured; the message says how to.</exception>
    public static IConnectionMultiplexer Connect(IConfiguration configuration) => ConnectionMultiplexer.Connect(Options(configuration));

    /// <summary>The options of the client: those of the connection string, and what every program needs.</summary>
    /// <exception cref="InvalidOperationException">
    /// Redis is not configured, or the certificate of its authority cannot be read; the message says how to.
    /// </exception>
    internal static ConfigurationOptions Options(IConfiguration configuration)
    {
        var connectionString = configuration.GetRequiredConnectionString("Redis");
        var options = ConfigurationOptions.Parse(connectionString);

        // A process that starts before Redis waits for it, not ready, instead of dying.
        options.AbortOnConnectFail = false;

        // To compare its configuration with what is promised (CONFIG GET); nothing is ever changed.
        options.AllowAdmin = true;

        // A Redis that is away is an answer (503), not a reason to queue commands.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = AsyncTimeoutMs;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectPauseMs);

        // The bound on noticing a promotion that breaks no connection. The client's default is a minute, without sales.
        if (!connectionString.Contains("configCheckSeconds", StringComparison.OrdinalIgnoreCase))
            options.ConfigCheckSeconds = 1;
        if (configuration[CertificateAuthority] is { Length: > 0 } file)
            Trust(options, file);
        return options;
    }

    private static void Trust(ConfigurationOptions options, string file)
    {
        if (!options.Ssl)
            throw new InvalidOperationException($"{CertificateAuthority} is set, and ConnectionStrings:Redis does not say ssl=true.");
        try
        {
            options.TrustIssuer(file);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{CertificateAuthority}: {file} cannot be read as a certificate: {exception.Message}");
        }
    }
}
