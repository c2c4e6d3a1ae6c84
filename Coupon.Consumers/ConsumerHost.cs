using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;
using Coupon.Consumers.Telemetry;
using Coupon.Consumers.WarmingUp;
using Coupon.Database;
using Coupon.Hosting;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Hosting.Http;
using Coupon.Hosting.Stopping;
using Coupon.Hosting.Telemetry;
using Coupon.Stock;
using Coupon.Stock.Registration;
using Microsoft.Extensions.Configuration.Json;

namespace Coupon.Consumers;

/// <summary>The long-running process: consumes, and serves health, metrics and the operators' console.</summary>
internal static class ConsumerHost
{
    // With the 2 s of Stop:Drain below the 20 s that orchestrators are told to grant.
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(16);

    /// <summary>Whether the command line has no command: it is empty, or has settings of the host only (<c>--urls …</c>).</summary>
    public static bool IsRequestedBy(string[] args) =>
        args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"));

    public static Task<int> RunAsync(string[] args) => OrderlyStop.RunAsync(Create(args), _stopTimeout);

    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes for tests, applied before anything is registered.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder(args);
        configure?.Invoke(builder);
        builder.AddServiceHosting();
        builder.AddServiceTelemetry(
            new ServiceSignals
            {
                Name = "coupon-consumers",
                ManyLabels = [ConsumerMetrics.MeterName],
                OfLibraries = [StockMetrics.MeterName],
                KafkaRider = true,
                Traces = [ConsumerTraces.SourceName],
                UntracedTopics = [WarmUpBus.Topic],
            }
        );
        builder
            .Services.AddKafkaNames()
            .AddCouponDatabase(builder.Configuration.GetRequiredConnectionString("MySql"))
            .AddSingleton(_ => RedisClient.Connect(builder.Configuration))
            .AddConsumption()
            .AddConsumptionSwitchWatch()
            .AddIssuing()
            .AddDeadLetters(builder.Configuration)
            .AddDeadLetterBackground()
            .AddCouponStock(builder.Configuration)
            .AddDatabaseWatch()
            .AddMessaging(builder.Configuration)
            .AddConsumerWarmUp()
            .AddWatches()
            .AddActionRetention()
            .AddOperationProblems();
        builder.AddEdge();
        builder.AddOperators();

        var app = builder.Build();
        app.UseDrain();
        app.UseTrustedProxies();
        app.UseHead();
        app.MapOperators();
        return app;
    }

    // The settings lie beside the program, whatever folder it is started from.
    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource { Path = "Coupon.Consumers.settings.json" });
        return builder;
    }
}
