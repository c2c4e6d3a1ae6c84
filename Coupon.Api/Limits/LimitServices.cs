using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Coupon.Hosting.Configuration;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Coupon.Api.Limits;

/// <summary>What one hostile client can cost is bounded here: requests of an address, lists at a time, connections, and the time of each.</summary>
internal static class LimitServices
{
    /// <summary>The policy of endpoints that read a list from MySQL.</summary>
    public const string Lists = "lists";

    private const int WaitingForOne = 5;

    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidated<LimitOptions>("Limits");
        builder.Services.AddSingleton<PressLimits>().AddRateLimiter(_ => { });
        builder.Services.AddSingleton<IConfigureOptions<RateLimiterOptions>>(provider => new ConfigureOptions<RateLimiterOptions>(limiter =>
            Configure(limiter, provider.GetRequiredService<LimitOptions>(), provider.GetRequiredService<DoorOfRequest>())
        ));
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(provider => new ConfigureOptions<KestrelServerOptions>(kestrel =>
            Configure(kestrel.Limits, provider.GetRequiredService<LimitOptions>())
        ));
    }

    private static void Configure(KestrelServerLimits limits, LimitOptions options)
    {
        limits.MaxConcurrentConnections = options.Connections > 0 ? options.Connections : null;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
    }

    private static void Configure(RateLimiterOptions limiter, LimitOptions options, DoorOfRequest door)
    {
        if (options.RequestsOfAddress > 0)
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(context =>
                door.IsOperators(context)
                    ? RateLimitPartition.GetNoLimiter(-1)
                    : RateLimitPartition.GetTokenBucketLimiter(Buckets.Of(AddressOf(context.Connection)), _ =>
                        Buckets.PerSecond(options.RequestsOfAddress)
                    )
            );
        limiter.AddConcurrencyLimiter(Lists, lists =>
        {
            lists.PermitLimit = options.Lists;
            lists.QueueLimit = WaitingForOne * options.Lists;
        });
        limiter.OnRejected = async (rejected, _) =>
        {
            // A rate says when to come back; a queue of lists that is full does not.
            var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan _);
            await (isRate ? LimitRefusals.TooMany : LimitRefusals.Busy).ExecuteAsync(rejected.HttpContext);
        };
    }

    // A client of IPv6 usually has a network of 64 bits for itself (RFC 6177).
    private static UInt128 AddressOf(ConnectionInfo connection)
    {
        if (connection.RemoteIpAddress is not { } address)
            return 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new UInt128(0, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }
}
