using System.Diagnostics.Metrics;
using Coupon.Hosting.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Coupon.Hosting.Telemetry;

/// <summary>Metrics and traces of every program.</summary>
public static class ServiceTelemetry
{
    private const string AspNetCoreHosting = "Microsoft.AspNetCore.Hosting";
    private const string MassTransit = "MassTransit";
    private const string RiderInstruments = "messaging.masstransit.kafka.";

    // The SDK reserves room for 2,000 combinations of labels for each instrument, 6 MB in all. Most instruments have routes times statuses at most:
    // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#cardinality-limits
    private const int FewLabels = 200;

    /// <summary>
    /// Adds metrics for Prometheus, which the program maps with <c>MapPrometheusScrapingEndpoint</c>, and traces over OTLP, only where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    public static void AddServiceTelemetry(this IHostApplicationBuilder builder, ServiceMeters meters)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(meters);
        builder.Services.AddMetrics(metrics =>
        {
            // A meter that is added to the provider by its name would be every meter of that name in the process: of each host, where tests run
            // several.
            foreach (var meter in (string[])[AspNetCoreHosting, .. meters.FewLabels, .. meters.ManyLabels])
                metrics.EnableMetrics(meter, scopes: MeterScope.Local);
        });
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
            {
                if (meters.KafkaRider)
                    metrics.AddMeter(MassTransit).AddView(OnlyTheRider);
                metrics.AddView(instrument => Limited(instrument, meters)).AddRuntimeInstrumentation().AddPrometheusExporter();
            });
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
            telemetry.WithTracing(tracing =>
                tracing
                    .AddAspNetCoreInstrumentation(options => options.EnrichWithHttpResponse = TracedPath.Set)
                    .AddSource(MassTransit)
                    .AddOtlpExporter()
            );
    }

    private static MetricStreamConfiguration? OnlyTheRider(Instrument instrument) =>
        instrument.Meter.Name == MassTransit && !instrument.Name.StartsWith(RiderInstruments, StringComparison.Ordinal)
            ? MetricStreamConfiguration.Drop
            : null;

    private static MetricStreamConfiguration? Limited(Instrument instrument, ServiceMeters meters) =>
        instrument.Meter.Name == MassTransit || meters.ManyLabels.Contains(instrument.Meter.Name)
            ? null
            : new MetricStreamConfiguration { CardinalityLimit = FewLabels };
}
