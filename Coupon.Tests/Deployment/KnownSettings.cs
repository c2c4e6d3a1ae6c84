using Confluent.Kafka;
using Coupon.Api.Issuing.Deciding;
using Coupon.Consumers;
using Coupon.Consumers.Migrations;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.LocalServers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Coupon.Tests.Deployment;

/// <summary>
/// Which variables are settings of a program: those that it reads when it starts and validates its options. Its servers are away meanwhile, which it
/// takes as an outage.
/// </summary>
internal static class KnownSettings
{
    // Read by ASP.NET Core itself, before any setting of ours: https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints
    private const string FrameworkPorts = "ASPNETCORE_HTTP_PORTS";

    /// <summary>The settings among these variables that the program does not know, with colons.</summary>
    public static async Task<IReadOnlyList<string>> UnknownAsync(ProgramOfPod program, IReadOnlyDictionary<string, string> variables)
    {
        var settings = variables
            .Where(variable => variable.Key != FrameworkPorts)
            .ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => variable.Value);
        if (settings.ContainsKey("Operators:Url"))
            settings["Operators:Url"] = $"http://127.0.0.1:{FreePort.Next()}";
        var recorded = new RecordedSettings(settings);
        switch (program)
        {
            case ProgramOfPod.Api:
                await StartApiAsync(recorded, settings);
                break;
            case ProgramOfPod.Consumer:
                await StartConsumerAsync(recorded);
                break;
            default:
                await PrepareMigrationAsync(recorded);
                break;
        }

        return [.. recorded.Unknown];
    }

    private static async Task StartApiAsync(RecordedSettings recorded, Dictionary<string, string> settings)
    {
        await using var factory = new WebApplicationFactory<IssueScript>();
        await using var api = factory.WithWebHostBuilder(host =>
        {
            host.UseSetting("environment", "Production").UseSetting("urls", "http://127.0.0.1:0").UseSetting("Logging:LogLevel:Default", "None");
            foreach (var (name, value) in settings)
                host.UseSetting(name, value);
            host.ConfigureAppConfiguration((_, configuration) => configuration.Add(recorded));
        });
        api.UseKestrel();
        api.StartServer();

        // What Program.cs reads before its host is built, where the factory cannot put a source of settings.
        ReadClients(new ConfigurationBuilder().Add(recorded).Build());
    }

    private static async Task StartConsumerAsync(RecordedSettings recorded)
    {
        await using var app = ConsumerHost.Create(["--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Configuration.Sources.Add(recorded);
            builder.Logging.ClearProviders();
        });
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        ReadClients(app.Configuration);
    }

    private static async Task PrepareMigrationAsync(RecordedSettings recorded)
    {
        var configuration = new ConfigurationBuilder().Add(recorded).Build();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddMigrations(configuration, waitFor: null)
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();

        // A property that librdkafka does not know is refused here.
        new AdminClientBuilder(services.GetRequiredService<ClientConfig>()).SetLogHandler((_, _) => { }).Build().Dispose();
    }

    private static void ReadClients(IConfiguration configuration)
    {
        _ = configuration.GetRequiredConnectionString("MySql");
        _ = RedisClient.Options(configuration);
        new AdminClientBuilder(KafkaClient.Configuration(configuration, "test")).SetLogHandler((_, _) => { }).Build().Dispose();
    }
}
