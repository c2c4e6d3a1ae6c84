using System.IO.Pipelines;

namespace Coupon.Api.Events;

/// <summary>Writes server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html</summary>
internal sealed class EventStream(HttpResponse response)
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>Begins the answer, and tells the client when to ask again after its end.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";

        // nginx would hold back what is written: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
        response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync("retry: 2000\n\n"u8.ToArray(), cancellationToken);
    }

    /// <summary>Writes an event, whose data is JSON without a line break.</summary>
    public Task WriteAsync(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, CancellationToken cancellationToken) =>
        WriteAsync([.. "event: "u8, .. name, .. "\ndata: "u8, .. json, .. "\n\n"u8], cancellationToken);

    /// <summary>Writes what clients read over, so that nobody in between takes the connection for dead.</summary>
    public Task KeepAliveAsync(CancellationToken cancellationToken) => WriteAsync(":\n\n"u8.ToArray(), cancellationToken);

    private async Task WriteAsync(byte[] text, CancellationToken cancellationToken)
    {
        PipeWriter writer = response.BodyWriter;
        await writer.WriteAsync(text, cancellationToken);
    }
}
