using System.Diagnostics.Metrics;
using System.Net;
using Coupon.Hosting.Health;
using Coupon.Hosting.Telemetry;
using Coupon.Hosting.WarmingUp;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Hosting;

/// <summary>What a program that uses the host library answers at <c>/health</c> and <c>/metrics</c>.</summary>
[NeedsNothing]
public sealed class ServiceEndpointsTests
{
    [Fact]
    public async Task Ready_says_its_status_to_everybody_and_names_each_check_to_operators_and_live_asks_none()
    {
        await using var program = await StartAsync(builder =>
            builder
                .Services.AddHealthChecks()
                .AddCheck("doors", () => HealthCheckResult.Healthy(), ["ready"])
                .AddCheck("roof", () => HealthCheckResult.Unhealthy("It leaks."), ["ready"])
                .AddCheck("garden", () => HealthCheckResult.Unhealthy("Winter."))
        );

        Assert.Equal(
            (
                HttpStatusCode.ServiceUnavailable,
                """{"status":"Unhealthy","checks":{"doors":{"status":"Healthy"},"roof":{"status":"Unhealthy","description":"It leaks."}}}"""
            ),
            await GetAsync(program, "/operators/health/ready")
        );
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"Unhealthy"}"""), await GetAsync(program, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"Healthy"}"""), await GetAsync(program, "/health/live"));
    }

    [Fact]
    public async Task A_degraded_program_is_ready()
    {
        await using var program = await StartAsync(builder =>
            builder.Services.AddHealthChecks().AddCheck("roof", () => HealthCheckResult.Degraded("It drips."), ["ready"])
        );

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(program, "/health/ready")).Status);
    }

    [Fact]
    public async Task A_program_is_ready_when_its_warm_up_is_over_although_it_failed()
    {
        await using var program = await StartAsync(builder => builder.Services.AddWarmUp<Kettle>());
        var kettle = program.Services.GetRequiredService<Kettle>();
        Assert.Equal(
            (
                HttpStatusCode.ServiceUnavailable,
                """{"status":"Unhealthy","checks":{"warm-up":{"status":"Unhealthy","description":"The process is warming up."}}}"""
            ),
            await GetAsync(program, "/operators/health/ready")
        );

        kettle.Boiled.SetException(new IOException("It boiled over."));
        await kettle.ExecuteTask!;

        var (status, body) = await GetAsync(program, "/operators/health/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("The warm-up has failed", body, StringComparison.Ordinal);
        Assert.Equal("It boiled over.", kettle.Failure);
    }

    [Fact]
    public async Task A_meter_shows_at_most_two_hundred_combinations_of_labels_unless_it_may_have_many()
    {
        await using var program = await StartAsync(builder =>
            builder.AddServiceTelemetry(
                new ServiceSignals
                {
                    Name = "a-service",
                    FewLabels = ["Few"],
                    ManyLabels = ["Many"],
                }
            )
        );
        foreach (var name in (string[])["Few", "Many", "Foreign"])
        {
            var counter = program.Services.GetRequiredService<IMeterFactory>().Create(name).CreateCounter<long>($"{name}.seats");
            for (var label = 0; label < 300; label++)
                counter.Add(1, new KeyValuePair<string, object?>("label", label));
        }

        var metrics = (await GetAsync(program, "/metrics")).Body.Split('\n');

        // The SDK counts what is over the limit in one more combination.
        Assert.Equal(201, metrics.Count(line => line.StartsWith("Few_seats_total{", StringComparison.Ordinal)));
        Assert.Equal(300, metrics.Count(line => line.StartsWith("Many_seats_total{", StringComparison.Ordinal)));
        Assert.DoesNotContain(metrics, line => line.StartsWith("Foreign", StringComparison.Ordinal));
        Assert.Contains(metrics, line => line.StartsWith("http_server_active_requests", StringComparison.Ordinal));
        Assert.Contains(metrics, line => line.StartsWith("dotnet_gc_collections_total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_meter_only_what_this_host_counts_is_shown()
    {
        var meters = new ServiceSignals { Name = "a-service", ManyLabels = ["Mine"] };
        await using var idle = await StartAsync(builder => builder.AddServiceTelemetry(meters));
        await using var busy = await StartAsync(builder => builder.AddServiceTelemetry(meters));
        busy.Services.GetRequiredService<IMeterFactory>().Create("Mine").CreateCounter<long>("mine.seats").Add(1);

        Assert.Contains("mine_seats_total", (await GetAsync(busy, "/metrics")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("mine_seats_total", (await GetAsync(idle, "/metrics")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_the_bus_only_the_rider_is_shown_and_only_where_it_is_asked_for(bool isAskedFor)
    {
        await using var program = await StartAsync(builder =>
            builder.AddServiceTelemetry(new ServiceSignals { Name = "a-service", KafkaRider = isAskedFor })
        );
        using var bus = new Meter("MassTransit");
        bus.CreateCounter<long>("messaging.masstransit.kafka.commits").Add(1);
        bus.CreateCounter<long>("messaging.masstransit.receive").Add(1);

        var metrics = (await GetAsync(program, "/metrics")).Body;

        Assert.Equal(isAskedFor, metrics.Contains("messaging_masstransit_kafka_commits", StringComparison.Ordinal));
        Assert.DoesNotContain("messaging_masstransit_receive", metrics, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHealthChecks();
        configure(builder);
        var program = builder.Build();
        program.Urls.Add("http://127.0.0.1:0");
        program.MapHealth();
        program.MapGroup("/operators").MapHealthDetails();
        if (program.Services.GetService<OpenTelemetry.Metrics.MeterProvider>() is not null)
            program.MapPrometheusScrapingEndpoint();
        await program.StartAsync();
        return program;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(WebApplication program, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(program.Urls.First()) };
        using var answer = await client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private sealed class Kettle : WarmUpService
    {
        public TaskCompletionSource Boiled { get; } = new();

        public string? Failure { get; private set; }

        protected override bool IsWanted => true;

        protected override Task PlayAsync(CancellationToken stoppingToken) => Boiled.Task;

        protected override void Failed(Exception exception) => Failure = exception.Message;
    }
}
