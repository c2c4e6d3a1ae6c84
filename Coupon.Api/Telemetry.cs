using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Coupon.Api;

internal static class Telemetry
{
    /// <summary>
    /// Metrics for Prometheus at <c>/metrics</c>, without the bus, which would count every message a second time; traces over OTLP, only where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddMetrics(metrics =>
            metrics.EnableOwn(ApiMetrics.MeterName).EnableOwn("Microsoft.AspNetCore.Hosting").EnableOwn("Microsoft.AspNetCore.Server.Kestrel")
        );
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddView(FewLabels).AddRuntimeInstrumentation().AddPrometheusExporter());
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is null)
            return;
        telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("MassTransit").AddOtlpExporter());
    }

    // A meter that is added to the provider by its name would be every meter of that name in the process: of each host, where tests run several.
    private static IMetricsBuilder EnableOwn(this IMetricsBuilder metrics, string meterName) =>
        metrics.EnableMetrics(meterName, scopes: MeterScope.Local);

    // The SDK sets aside room for 2,000 combinations of labels for each instrument, 6 MB in all. Here they are routes times statuses at most.
    private static MetricStreamConfiguration FewLabels(Instrument instrument) => new() { CardinalityLimit = 200 };
}
