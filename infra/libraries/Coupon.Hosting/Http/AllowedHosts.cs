using System.Net;
using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Http;

/// <summary>
/// The hosts that a program answers for. A page whose name is resolved to the address of this service (DNS rebinding) could read and change
/// everything here as its own site; but the browser sends its name.
/// </summary>
internal sealed class AllowedHosts
{
    private readonly string[] _exact;
    private readonly string[] _suffixes;
    private readonly bool _any;

    // Nearly all requests name the same host, and a name is taken apart once.
    private volatile string? _lastIncluded;

    /// <param name="list">As <see cref="EdgeOptions.AllowedHosts"/>.</param>
    public AllowedHosts(string? list)
    {
        var hosts = (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _any = hosts.Contains("*");
        _suffixes = [.. hosts.Where(host => host.StartsWith("*.", StringComparison.Ordinal)).Select(host => host[1..])];
        _exact = [.. hosts.Where(host => !host.StartsWith('*'))];
        IsListed = hosts.Length > 0;
    }

    private bool IsListed { get; }

    public bool Includes(HostString host)
    {
        if (_any || (host.HasValue && host.Value == _lastIncluded))
            return true;
        if (!Includes(host.Host))
            return false;
        _lastIncluded = host.Value;
        return true;
    }

    private bool Includes(string name) =>
        IsListed
            ? _exact.Contains(name, StringComparer.OrdinalIgnoreCase)
                || Array.Exists(_suffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            : !name.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(name, out _);
}
