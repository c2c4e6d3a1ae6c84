using Coupon.LocalServers;

[assembly: AssemblyFixture(typeof(Coupon.Tests.Servers.TestServers))]

namespace Coupon.Tests.Servers;

/// <summary>
/// The servers that all tests share, each started when it is first asked for and stopped at the end of the run. Nobody stops, flushes or slows
/// these: a test of faults starts its own (<see cref="LocalRedis"/>, <see cref="LocalMySql"/>, <see cref="LocalKafka"/>, <see cref="MockKafka"/>).
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private readonly Lazy<Task<IRunningServer>> _redis = new(() => ServiceServers.StartRedisAsync());
    private readonly Lazy<Task<IKafkaServer>> _kafka = new(() => ServiceServers.StartKafkaAsync());
    private readonly Lazy<Task<IRunningServer>> _mySql = new(() => ServiceServers.StartMySqlAsync());

    // A Redis that COUPON_REDIS names keeps the coupons of earlier runs. A run gives out fewer than 1,000 ids a millisecond, so the next one starts
    // above them. Below 2^53, which Lua and JSON need: until the year 2255.
    private long _lastCouponId = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    public Task<IRunningServer> RedisAsync() => _redis.Value;

    public Task<IKafkaServer> KafkaAsync() => _kafka.Value;

    public Task<IRunningServer> MySqlAsync() => _mySql.Value;

    /// <summary>A coupon id that no other test uses, in this run or an earlier one: what keeps tests on the shared Redis apart.</summary>
    public long NextCouponId() => Interlocked.Increment(ref _lastCouponId);

    /// <summary>A topic of one's own.</summary>
    public async Task<string> CreateTopicAsync(string name, int partitions = 4)
    {
        var topic = UniqueName.From(name);
        await (await KafkaAsync()).CreateTopicAsync(topic, partitions);
        return topic;
    }

    /// <summary>A database of one's own, with the schema in it: the connection string.</summary>
    public async Task<string> CreateDatabaseAsync() => await TestDatabase.CreateAsync((await MySqlAsync()).ConnectionString);

    public async ValueTask DisposeAsync()
    {
        if (_redis.IsValueCreated)
            await (await _redis.Value).DisposeAsync();
        if (_kafka.IsValueCreated)
            await (await _kafka.Value).DisposeAsync();
        if (_mySql.IsValueCreated)
            await (await _mySql.Value).DisposeAsync();
    }
}
