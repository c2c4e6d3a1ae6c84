using System.Globalization;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Stack;
using Coupon.LocalServers;
using MySqlConnector;

namespace Coupon.Benchmarks.Consuming;

/// <summary>All contenders that turn a backlog into rows: with the batches of the consumer, the baselines also with smaller ones.</summary>
internal sealed class Drains : IAsyncDisposable
{
    // The default of Coupon.Consumers, set explicitly so that every contender has the batches that its row names.
    private const int MessageLimit = 4000;
    private const int Concurrency = 2;

    private const int PlainLimit = 1000;

    private readonly ServerProcesses _processes;
    private readonly List<IDrain> _drains = [];

    private Drains(string logFolder) => _processes = new ServerProcesses(logFolder);

    public IReadOnlyList<IDrain> All => _drains;

    public static Task<Drains> StartAsync(BenchmarkStack stack, Programs programs, CancellationToken cancellationToken) =>
        ServerProcesses.AllOrNoneAsync(new Drains(stack.LogFolder), drains => drains.AddAllAsync(stack, programs, cancellationToken));

    private async Task AddAllAsync(BenchmarkStack stack, Programs programs, CancellationToken cancellationToken)
    {
        _drains.Add(new DatabaseLimit("multi-row INSERT alone", stack.MySql, BatchWrite.InsertAsync, MessageLimit, Concurrency));
        _drains.Add(
            new DatabaseLimit($"the same, {PlainLimit:N0} rows, one connection", stack.MySql, BatchWrite.InsertAsync, PlainLimit, connections: 1)
        );
        _drains.Add(new DatabaseLimit("LOAD DATA alone", stack.MySql, BatchWrite.LoadAsync, MessageLimit, Concurrency));

        await AddAsync("ours", "ours", programs.Consumers, MessageLimit, Concurrency);
        await AddAsync("ours, where LOAD DATA is not allowed", "ours-inserting", Inserting(programs.Consumers), MessageLimit, Concurrency);
        await AddAsync("Wolverine", "wolverine", Wolverine, MessageLimit, Concurrency);
        await AddAsync($"Wolverine, batches of {PlainLimit:N0}, one at a time", "wolverine-plain", Wolverine, PlainLimit, 1);

        async Task AddAsync(string name, string topic, Func<Dictionary<string, string>, ChildCommand> program, int messageLimit, int concurrency)
        {
            await stack.CreateTopicsAsync(topic);
            var environment = stack.Environment(topic);

            // The rows of the others are not in this topic: the balance would look for hundreds of thousands of seats every half minute.
            environment["Balance__Interval"] = "1.00:00:00";
            environment["Batch__MessageLimit"] = messageLimit.ToString(CultureInfo.InvariantCulture);
            environment["Batch__Concurrency"] = concurrency.ToString(CultureInfo.InvariantCulture);
            var process = await _processes.StartAsync(topic, program(environment), cancellationToken);
            _drains.Add(new FrozenConsumer(name, process, stack.Kafka.ConnectionString, topic));
        }
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private static Func<Dictionary<string, string>, ChildCommand> Inserting(Func<Dictionary<string, string>, ChildCommand> program) =>
        environment =>
        {
            var mySql = new MySqlConnectionStringBuilder(environment["ConnectionStrings__MySql"]) { AllowLoadLocalInfile = false };
            environment["ConnectionStrings__MySql"] = mySql.ConnectionString;
            return program(environment);
        };

    private static ChildCommand Wolverine(Dictionary<string, string> environment) => Programs.Baseline(BaselineServer.Wolverine, environment);
}
