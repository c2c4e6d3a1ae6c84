using System.Diagnostics.Metrics;
using Coupon.Consumers.Consumption;
using Microsoft.Extensions.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Coupon.Consumers;

internal static class Telemetry
{
    /// <summary>Metrics for Prometheus at <c>/metrics</c>; traces over OTLP, only where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddMetrics(metrics => metrics.EnableOwn(ConsumerMetrics.MeterName).EnableOwn("Microsoft.AspNetCore.Hosting"));
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics.AddMeter("MassTransit").AddView(OnlyTheRider).AddView(FewLabels).AddRuntimeInstrumentation().AddPrometheusExporter()
            );
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
            telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("MassTransit").AddOtlpExporter());
    }

    // A meter that is added to the provider by its name would be every meter of that name in the process: of each host, where tests run several.
    private static IMetricsBuilder EnableOwn(this IMetricsBuilder metrics, string meterName) =>
        metrics.EnableMetrics(meterName, scopes: MeterScope.Local);

    // The bus counts and times every single message, which costs more than writing it; batches and rows are counted here already.
    private static MetricStreamConfiguration? OnlyTheRider(Instrument instrument) =>
        instrument.Meter.Name == "MassTransit" && !instrument.Name.StartsWith("messaging.masstransit.kafka.", StringComparison.Ordinal)
            ? MetricStreamConfiguration.Drop
            : null;

    // The SDK sets aside room for 2,000 combinations of labels for each instrument. Those of the framework have routes times statuses at most.
    private static MetricStreamConfiguration? FewLabels(Instrument instrument) =>
        instrument.Meter.Name is ConsumerMetrics.MeterName or "MassTransit" ? null : new MetricStreamConfiguration { CardinalityLimit = 200 };
}
