using System.Net;
using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Http;

/// <summary>The proxies in front, and what they say of the client.</summary>
public sealed class TrustedProxies(ProxyOptions options)
{
    // The address of the connection, from before X-Forwarded-For took its place.
    private static readonly object _connectedFrom = new();

    private readonly IReadOnlyList<IPNetwork> _networks = options.ToNetworks();

    /// <summary>Whether the request came through one of them.</summary>
    public bool Sent(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _networks.Count > 0
            && (context.Items.TryGetValue(_connectedFrom, out var from) ? (IPAddress?)from : context.Connection.RemoteIpAddress) is { } address
            && Includes(address);
    }

    /// <summary>Notes the address of the connection, before that of the client takes its place.</summary>
    internal static void Note(HttpContext context) => context.Items[_connectedFrom] = context.Connection.RemoteIpAddress;

    private bool Includes(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
                return true;
        }

        return false;
    }
}
