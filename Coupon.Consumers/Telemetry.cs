using System.Diagnostics.Metrics;
using Coupon.Consumers.Consumption;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Coupon.Consumers;

internal static class Telemetry
{
    /// <summary>Metrics for Prometheus at <c>/metrics</c>; traces over OTLP, only where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ConsumerMetrics.MeterName, "MassTransit", "Microsoft.AspNetCore.Hosting")
            .AddView(OnlyTheLag)
            .AddView(FewLabels)
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
            telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("MassTransit").AddOtlpExporter());
    }

    // The bus counts and times every single message, which costs more than writing it; batches and rows are counted here already.
    private static MetricStreamConfiguration? OnlyTheLag(Instrument instrument) =>
        instrument.Meter.Name == "MassTransit" && !instrument.Name.EndsWith("kafka.lag", StringComparison.Ordinal) ? MetricStreamConfiguration.Drop : null;

    // The SDK sets aside room for 2,000 combinations of labels for each instrument. Those of the framework have routes times statuses at most.
    private static MetricStreamConfiguration? FewLabels(Instrument instrument) =>
        instrument.Meter.Name is ConsumerMetrics.MeterName or "MassTransit" ? null : new MetricStreamConfiguration { CardinalityLimit = 200 };
}
