using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Configuration;

namespace Coupon.Api.Limits;

/// <summary>Section <c>Limits</c>: what one client, and all clients together, can make this instance do. Each instance counts for itself.</summary>
public sealed class LimitOptions
{
    /// <summary>
    /// How many requests a second an address may send to the public door; as many again in a burst. Behind proxies, see <c>Proxies:Trusted</c>. Of
    /// IPv6, the first 64 bits count. Default 100. 0: no limit, for a load generator that is all of its users.
    /// </summary>
    [Range(0, 1_000_000)]
    [Unit("requests a second")]
    public int RequestsOfAddress { get; set; } = 100;

    /// <summary>How many presses a second a user may send; as many again in a burst. Default 5. 0: no limit.</summary>
    [Range(0, 1_000_000)]
    [Unit("presses a second")]
    public int PressesOfUser { get; set; } = 5;

    /// <summary>
    /// How many presses may wait for an answer at a time before others get 503. Default 20,000, about 100 MB.
    /// </summary>
    [Range(1, 10_000_000)]
    public int WaitingPresses { get; set; } = 20_000;

    /// <summary>How many lists are read from MySQL at a time; five times as many wait, others get 503. Default 16.</summary>
    [Range(1, 1000)]
    public int Lists { get; set; } = 16;

    /// <summary>How many connections are open at a time; others are closed at once. Default 30,000. 0: no limit.</summary>
    [Range(0, 10_000_000)]
    public int Connections { get; set; } = 30_000;

    /// <summary>How long a client may take for the headers of a request. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent between requests. Default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
