using Coupon.Api.Issuing.Deciding;
using Coupon.Consumers;
using Coupon.Consumers.Migrations;
using Coupon.Hosting.Configuration;
using Coupon.Tests.Servers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Deployment;

/// <summary>docs/settings.md is what the code says. <c>COUPON_UPDATE_SNAPSHOTS=1</c> writes it anew.</summary>
public sealed class SettingsPageTests
{
    private static readonly Dictionary<string, string> _servers = new()
    {
        ["ConnectionStrings:Redis"] = "127.0.0.1:1",
        ["ConnectionStrings:Kafka"] = "127.0.0.1:1",
        ["ConnectionStrings:MySql"] = "Server=127.0.0.1;Port=1;Database=coupon",
    };

    [Fact]
    public async Task The_page_has_every_setting_of_both_programs()
    {
        var programs = new Dictionary<string, IReadOnlyList<SettingsSection>>
        {
            ["API"] = await OfApiAsync(),
            ["consumer"] = await OfConsumerAsync(),
            ["`migrate`"] = await OfMigrationAsync(),
        };

        await Snapshot.AssertTextAsync(Path.Combine("docs", "settings.md"), SettingsPage.Of(programs));
    }

    [Fact]
    public async Task A_setting_that_no_options_hold_is_read_by_both_programs()
    {
        var variables = _servers
            .Append(new("Kafka:Client:client_id", "x"))
            .ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        variables["Redis__CertificateAuthority"] = "";
        string[] ofTheFramework = ["urls", "Logging:LogLevel:CATEGORY", "Logging:Console:FormatterName", "OTEL_EXPORTER_OTLP_ENDPOINT"];
        Assert.Equal(
            variables
                .Keys.Select(name => name.Replace("__", ":", StringComparison.Ordinal).Replace("client_id", "NAME", StringComparison.Ordinal))
                .Order(),
            DirectSettings.All.Select(setting => setting.Name).Except(ofTheFramework).Order()
        );

        Assert.Empty(await KnownSettings.UnknownAsync(ProgramOfPod.Consumer, variables));
        variables["Auth__AllowAnonymous"] = "true";
        Assert.Empty(await KnownSettings.UnknownAsync(ProgramOfPod.Api, variables));
    }

    private static async Task<IReadOnlyList<SettingsSection>> OfApiAsync()
    {
        await using var factory = new WebApplicationFactory<IssueScript>();
        await using var api = factory.WithWebHostBuilder(host =>
        {
            host.UseSetting("environment", "Production").UseSetting("Auth:AllowAnonymous", "true").UseSetting("Logging:LogLevel:Default", "None");
            foreach (var (name, value) in _servers)
                host.UseSetting(name, value);
        });
        return SectionsOf(api.Services);
    }

    private static async Task<IReadOnlyList<SettingsSection>> OfConsumerAsync()
    {
        await using var app = ConsumerHost.Create([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(_servers!);
            builder.Logging.ClearProviders();
        });
        return SectionsOf(app.Services);
    }

    private static async Task<IReadOnlyList<SettingsSection>> OfMigrationAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_servers!).Build();
        await using var services = new ServiceCollection().AddMigrations(configuration, waitFor: null).BuildServiceProvider();
        return SectionsOf(services);
    }

    // What several parts of a program need is registered by each of them.
    private static IReadOnlyList<SettingsSection> SectionsOf(IServiceProvider services) => [.. services.GetServices<SettingsSection>().Distinct()];
}
