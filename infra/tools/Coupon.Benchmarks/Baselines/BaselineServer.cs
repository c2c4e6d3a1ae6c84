using System.CommandLine;
using Coupon.Arguments;

namespace Coupon.Benchmarks.Baselines;

/// <summary>Runs one baseline as its own process, so that it has its own collector, threads and CPU time, like the service.</summary>
internal static class BaselineServer
{
    public const string Bare = "bare";
    public const string BareRefusing = "bare, refusing";
    public const string InMemory = "in memory";
    public const string HandWritten = "hand-written";
    public const string RowLock = "row-lock";
    public const string SynchronousInsert = "synchronous-insert";
    public const string Wolverine = "wolverine";

    private static readonly Dictionary<string, Action<WebApplication>> _maps = new()
    {
        [Bare] = BareServer.MapAccepting,
        [BareRefusing] = BareServer.MapRefusing,
        [InMemory] = InMemoryServer.Map,
        [HandWritten] = HandWrittenServer.Map,
        [RowLock] = RowLockServer.Map,
        [SynchronousInsert] = SynchronousInsertServer.Map,
        [Wolverine] = _ => { },
    };

    /// <summary><c>serve NAME</c>: what this program starts itself with.</summary>
    public static Command Command()
    {
        var name = new ValueArgument<string>("name", Values.OneOf([.. _maps.Keys]));
        var command = new Command("serve", "Runs one baseline.") { name };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(name), cancellationToken));
        return command;
    }

    /// <summary>Serves until the process is stopped. Addresses and connection strings come from the environment, as for Coupon.Api.</summary>
    private static async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // As in Coupon.Api: no activity for a request without a listener.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
        if (name == Wolverine)
            WolverineConsumer.Configure(builder);
        var app = builder.Build();
        app.MapGet("/health/ready", () => Results.Ok());
        _maps[name](app);
        await app.RunAsync(cancellationToken);
    }
}
