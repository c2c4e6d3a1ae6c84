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
    private const string LinkLimit = "OTEL_SPAN_LINK_COUNT_LIMIT";
    private const string RiderInstruments = "messaging.masstransit.kafka.";

    // The SDK reserves room for 2,000 combinations of labels for each instrument, 6 MB in all. Most instruments have routes times statuses at most:
    // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#cardinality-limits
    private const int FewLabels = 200;

    /// <summary>
    /// Adds metrics for Prometheus, which the program maps with <c>MapPrometheusScrapingEndpoint</c>, and traces over OTLP, only where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The address of the collector is none.</exception>
    public static void AddServiceTelemetry(this IHostApplicationBuilder builder, ServiceSignals signals)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(signals);
        BuildInfo.Show();
        builder.Services.AddMetrics(metrics =>
        {
            // A meter that is added to the provider by its name would be every meter of that name in the process: of each host, where tests run
            // several.
            foreach (var meter in (string[])[AspNetCoreHosting, .. signals.FewLabels, .. signals.ManyLabels])
                metrics.EnableMetrics(meter, scopes: MeterScope.Local);
        });
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => ServiceIdentity.Describe(resource, signals.Name))
            .WithMetrics(metrics =>
            {
                if (signals.KafkaRider)
                    metrics.AddMeter(MassTransit).AddView(OnlyTheRider);
                metrics.AddMeter([BuildInfo.MeterName, .. signals.OfLibraries]);
                metrics.AddView(instrument => Limited(instrument, signals)).AddRuntimeInstrumentation().AddPrometheusExporter();
            });
        if (!Collector.IsConfigured(builder.Configuration))
            return;

        // Of a batch, which has a link for each message. The specification's limit is 128:
        // https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#span-limits
        builder.Configuration[LinkLimit] ??= "10000";
        telemetry.WithTracing(tracing =>
            tracing
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = TracedRequests.IsTraced;
                    options.EnrichWithHttpResponse = TracedPath.Set;
                })
                .AddSource([MassTransit, .. signals.Traces])
                .AddProcessor(new UntracedTopics(signals.UntracedTopics))
                .AddOtlpExporter()
        );
    }

    private static MetricStreamConfiguration? OnlyTheRider(Instrument instrument) =>
        instrument.Meter.Name == MassTransit && !instrument.Name.StartsWith(RiderInstruments, StringComparison.Ordinal)
            ? MetricStreamConfiguration.Drop
            : null;

    private static MetricStreamConfiguration? Limited(Instrument instrument, ServiceSignals signals) =>
        instrument.Meter.Name == MassTransit || signals.ManyLabels.Contains(instrument.Meter.Name)
            ? null
            : new MetricStreamConfiguration { CardinalityLimit = FewLabels };
}
