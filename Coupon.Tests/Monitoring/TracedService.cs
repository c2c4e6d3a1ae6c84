using System.Diagnostics;
using System.Net.Http.Json;
using Coupon.Sale.Deployment;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Monitoring;

/// <summary>Both programs as processes that send their traces to a collector, and write their logs as JSON.</summary>
public sealed class TracedService(TestServers servers) : IAsyncLifetime
{
    private static readonly (string, string)[] _settings =
    [
        ("Logging__Console__FormatterName", "json"),
        ("Logging__LogLevel__Default", "Debug"),
        ("Issuing__RelayInterval", "00:00:00.2"),
    ];

    private readonly HttpClient _http = new();
    private ConnectionMultiplexer _redis = null!;

    internal TraceCollector Collector { get; private set; } = null!;

    internal ServiceSettings Settings { get; private set; } = null!;

    internal ServiceProcess Api { get; private set; } = null!;

    internal ServiceProcess Consumer { get; private set; } = null!;

    internal IDatabase Redis => _redis.GetDatabase();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Settings = await ServiceSettings.CreateAsync(servers);
        Collector = await TraceCollector.StartAsync();
        Api = await Settings.StartApiAsync([.. Collector.Settings, .. _settings]);
        Consumer = await Settings.StartConsumerAsync([.. Collector.Settings, .. _settings]);
        _redis = await ConnectionMultiplexer.ConnectAsync(Settings.Redis.ConnectionString);
    }

    /// <summary>Sends a request as part of a trace.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, ActivityContext? trace = null, object? body = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("X-Operator-Key", ServiceProcess.OperatorKey);
        if (trace is { } caller)
            request.Headers.Add("traceparent", $"00-{caller.TraceId}-{caller.SpanId}-01");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A trace of whoever presses.</summary>
    internal static ActivityContext NewTrace() => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    /// <summary>Waits for the only span that is as described.</summary>
    internal async Task<ReceivedSpan> SpanAsync(string what, Func<ReceivedSpan, bool> isIt)
    {
        await Eventually.IsTrueAsync(
            () => Collector.Spans.Any(isIt),
            otherwise: () => $"no span {what}: {string.Join(", ", Collector.Spans.Select(span => span.Name).Distinct())}"
        );
        return Assert.Single(Collector.Spans, span => isIt(span));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_redis is not null)
            await _redis.DisposeAsync();
        foreach (var process in (ServiceProcess?[])[Consumer, Api])
        {
            if (process is not null)
                await process.DisposeAsync();
        }

        await Collector.DisposeAsync();
        await Settings.DisposeAsync();
    }
}
