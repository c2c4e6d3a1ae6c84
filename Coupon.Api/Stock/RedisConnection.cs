using StackExchange.Redis;

namespace Coupon.Api.Stock;

/// <summary>One multiplexed connection for everything: it pipelines by itself, and a second one was measured to add nothing.</summary>
internal static class RedisConnection
{
    public static async Task<IConnectionMultiplexer> OpenAsync(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);

        // A process that starts before Redis waits for it, not ready, instead of dying.
        options.AbortOnConnectFail = false;

        // To compare its configuration with what is promised (CONFIG GET); nothing is ever changed.
        options.AllowAdmin = true;

        // Away is an answer (503), not a reason to queue.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = 2000;
        options.ReconnectRetryPolicy = new LinearRetry(250);

        // How soon a promotion is noticed that breaks no connection. The client's default is a minute without sales.
        if (!connectionString.Contains("configCheckSeconds", StringComparison.OrdinalIgnoreCase))
            options.ConfigCheckSeconds = 1;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
