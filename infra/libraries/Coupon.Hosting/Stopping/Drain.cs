using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Stopping;

/// <summary>
/// The time between the request to stop and the closing of the ports. A port that closes while clients hold connections to it cuts off those that are
/// sending at this moment; so they are told first, each with an answer, not to send here again.
/// </summary>
public sealed class Drain(StopOptions options, TimeProvider time, ILogger<Drain> logger)
{
    private volatile bool _hasBegun;

    /// <summary>Whether the program was asked to stop.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Begins it, and ends when the ports may close.</summary>
    public async Task RunAsync()
    {
        _hasBegun = true;
        if (options.Drain == TimeSpan.Zero)
            return;
        Log.DrainBegins(logger, options.Drain.TotalSeconds);
        await Task.Delay(options.Drain, time);
    }

    /// <summary>Once it has begun: the answer to this request is the last one of its connection.</summary>
    internal void Tell(HttpContext context)
    {
        if (!_hasBegun)
            return;

        // The header is defined for HTTP/1 only (RFC 9113, 8.2.2); in HTTP/2 the server sends GOAWAY.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        else
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
