using System.Collections.Concurrent;
using System.Net;
using Coupon.LocalServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Monitoring;

/// <summary>A collector of traces, as OTLP over HTTP has it: takes what is sent and keeps it.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();

    private TraceCollector(WebApplication app) => _app = app;

    /// <summary>The settings of a program that sends to it at once.</summary>
    public (string Name, string Value)[] Settings =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "50")];

    /// <summary>What has come until now.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>Starts one on a free port.</summary>
    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, FreePort.Next()));
        var app = builder.Build();
        var collector = new TraceCollector(app);
        app.MapPost("/v1/traces", collector.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        foreach (var span in ReceivedSpan.Read(body.ToArray()))
            _spans.Enqueue(span);
        context.Response.ContentType = "application/x-protobuf";
    }
}
