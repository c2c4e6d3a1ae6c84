using System.Globalization;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Consuming;

/// <summary>Everybody who turns a backlog into rows: all with the batches of the consumer, and the baselines also as plain programs have them.</summary>
internal sealed class Drains : IAsyncDisposable
{
    private const string OurTopic = "ours";

    // What Coupon.Consumers has unless told: Batch:MessageLimit and Batch:Concurrency.
    private const int MessageLimit = 4000;
    private const int Concurrency = 2;

    private const int PlainLimit = 1000;

    private readonly List<ServerProcess> _processes = [];
    private readonly List<IDrain> _drains = [];

    private Drains()
    {
    }

    public IReadOnlyList<IDrain> All => _drains;

    public static async Task<Drains> StartAsync(BenchmarkStack stack, Programs programs, CancellationToken cancellationToken)
    {
        var drains = new Drains();
        drains._drains.Add(new InsertLimit("multi-row INSERT alone", stack.MySql, MessageLimit, Concurrency));
        drains._drains.Add(new InsertLimit($"the same, {PlainLimit:N0} rows, one connection", stack.MySql, PlainLimit, connections: 1));

        await stack.CreateTopicsAsync(OurTopic);
        await drains.AddAsync("ours", programs.Consumers(stack.Environment(OurTopic)), OurTopic, stack, cancellationToken);
        await drains.AddWolverineAsync("Wolverine", "wolverine", MessageLimit, Concurrency, stack, cancellationToken);
        await drains.AddWolverineAsync($"Wolverine, batches of {PlainLimit:N0}, one at a time", "wolverine-plain", PlainLimit, 1, stack, cancellationToken);
        return drains;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
    }

    private async Task AddWolverineAsync(string name, string topic, int messageLimit, int concurrency, BenchmarkStack stack, CancellationToken cancellationToken)
    {
        await stack.CreateTopicsAsync(topic);
        var environment = stack.Environment(topic);
        environment[WolverineConsumer.MessageLimit] = messageLimit.ToString(CultureInfo.InvariantCulture);
        environment[WolverineConsumer.Concurrency] = concurrency.ToString(CultureInfo.InvariantCulture);
        await AddAsync(name, Programs.Baseline(BaselineServer.Wolverine, environment), topic, stack, cancellationToken);
    }

    private async Task AddAsync(string name, LocalStack.ChildCommand command, string topic, BenchmarkStack stack, CancellationToken cancellationToken)
    {
        var process = await ServerProcess.StartAsync(topic, command, stack.LogFolder, cancellationToken);
        _processes.Add(process);
        _drains.Add(new FrozenConsumer(name, process, stack.Kafka.ConnectionString, topic));
    }
}
