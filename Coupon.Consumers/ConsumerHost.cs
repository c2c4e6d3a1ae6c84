using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Operators;
using Coupon.Consumers.Rehearsing;
using Coupon.Consumers.Stock;
using Coupon.Database;
using Coupon.Hosting;
using Coupon.Stock;
using Microsoft.Extensions.Configuration.Json;

namespace Coupon.Consumers;

/// <summary>The long-running process: consumes, and serves health, metrics and the operators' console.</summary>
internal static class ConsumerHost
{
    /// <summary>No argument, or only settings of the host (<c>--urls …</c>): the process is meant, not a command.</summary>
    public static bool IsMeantBy(string[] args) =>
        args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"));

    public static async Task<int> RunAsync(string[] args)
    {
        // An orchestrator that grants 20 s kills nobody who keeps to this.
        return await OrderlyStop.RunAsync(Create(args), TimeSpan.FromSeconds(18));
    }

    /// <param name="args">The command line.</param>
    /// <param name="configure">Last changes, for tests.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Settings lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource { Path = "Coupon.Consumers.settings.json" });
        configure?.Invoke(builder);
        builder.AddServiceHosting();
        builder.AddTelemetry();
        builder.AddHealth();
        builder
            .Services.AddSingleton(TimeProvider.System)
            .AddNames(builder.Configuration)
            .AddCouponDatabase(builder.Configuration.RequiredConnectionString("MySql"))
            .AddIssuing(builder.Configuration)
            .AddDeadLetters(builder.Configuration)
            .AddCouponStock(builder.Configuration)
            .AddDatabaseWatch()
            .AddMessaging(builder.Configuration)
            .AddRehearsal(builder.Configuration)
            .AddSingleton<ConsumptionSwitch>()
            .AddHostedService<ConsumptionSwitchWatch>()
            .AddHostedService<SeatReturnsSweep>()
            .AddOpenDeadLettersWatch(builder.Configuration)
            .AddBalanceWatch(builder.Configuration);
        builder.AddOperators();

        var app = builder.Build();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint();
        app.MapOperators();
        return app;
    }
}
