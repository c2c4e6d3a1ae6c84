using Coupon.Benchmarks.Accepting;
using Coupon.Benchmarks.Consuming;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Growth;

/// <summary>The same service at several sizes, each with an API, a consumer and topics of its own.</summary>
internal sealed class GrowthSizes : IAsyncDisposable
{
    private const long Stock = 1_000_000_000;
    private const int ManyCoupons = 1000;
    private const int FewUsers = 10_000;
    private const int ManyUsers = 1_000_000;
    private const string Normal = "12 partitions, 1 coupon, 10,000 users";

    private readonly ServerProcesses _processes;
    private readonly List<Contender> _accepting = [];
    private readonly List<IDrain> _consuming = [];

    private GrowthSizes(string logFolder) => _processes = new ServerProcesses(logFolder);

    public IReadOnlyList<Contender> Accepting => _accepting;

    public IReadOnlyList<IDrain> Consuming => _consuming;

    /// <summary>What Redis holds for one user of a coupon, as last measured.</summary>
    public double BytesPerUser { get; private set; }

    public static Task<GrowthSizes> StartAsync(BenchmarkStack stack, Programs programs, CancellationToken cancellationToken) =>
        ServerProcesses.AllOrNoneAsync(new GrowthSizes(stack.LogFolder), sizes => sizes.AddAllAsync(stack, programs, cancellationToken));

    private async Task AddAllAsync(BenchmarkStack stack, Programs programs, CancellationToken cancellationToken)
    {
        foreach (var (name, partitions) in new[] { (Normal, 12), ("3 partitions", 3), ("24 partitions", 24) })
        {
            var topic = $"growth-{partitions}";
            await stack.CreateTopicsAsync(topic, partitions);
            var environment = stack.Environment(topic);
            var api = await _processes.StartAsync($"api-{topic}", programs.Api(environment), cancellationToken);
            var consumed = stack.Environment(topic + "-consumed");

            // They share the coupons in MySQL but not the topics: the balance of each would look for the million seats of the others every half
            // minute.
            consumed["Balance__Interval"] = "1.00:00:00";
            var consumer = programs.Consumers(consumed);
            await stack.CreateTopicsAsync(topic + "-consumed", partitions);
            var consumerProcess = await _processes.StartAsync($"consumer-{topic}", consumer, cancellationToken);

            _accepting.Add(new Contender(name, api, cancellation => FilledAsync(api, FewUsers, stack, cancellation), name == Normal ? null : Normal));
            _consuming.Add(new FrozenConsumer(name, consumerProcess, stack.Kafka.ConnectionString, topic + "-consumed"));
            if (partitions == 12)
                AddLarge(api, consumerProcess, topic + "-consumed", stack);
        }
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private void AddLarge(ServerProcess api, ServerProcess consumer, string topic, BenchmarkStack stack)
    {
        _accepting.Add(new Contender("1,000,000 users", api, cancellation => FilledAsync(api, ManyUsers, stack, cancellation), Normal));
        _accepting.Add(
            new Contender(
                "1,000 coupons",
                api,
                async cancellation => await CouponClient.CreateManyAsync(api, Stock, ManyCoupons, cancellation),
                Normal
            )
        );
        _consuming.Add(new FrozenConsumer("1,000 coupons", consumer, stack.Kafka.ConnectionString, topic) { Coupons = ManyCoupons });
    }

    /// <summary>A new coupon for each measurement: an old one would have the users of all measurements before.</summary>
    private async Task<IReadOnlyList<long>> FilledAsync(ServerProcess api, int users, BenchmarkStack stack, CancellationToken cancellationToken)
    {
        var couponId = await CouponClient.CreateAsync(api, Stock, cancellationToken);
        var before = await StockFiller.UsedBytesAsync(stack.Redis);
        await StockFiller.IssueAsync(stack.Redis.GetDatabase(), couponId, users, cancellationToken);
        if (users == ManyUsers)
            BytesPerUser = (await StockFiller.UsedBytesAsync(stack.Redis) - before) / (double)ManyUsers;
        return [couponId];
    }
}
