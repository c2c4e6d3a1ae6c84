using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Coupon.Api;

internal static class Telemetry
{
    /// <summary>Metrics for Prometheus at <c>/metrics</c>, without the bus, which would count every message a second time; traces over OTLP, only where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiMetrics>();
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ApiMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is null) return;
        telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("MassTransit").AddOtlpExporter());
    }
}
