using Coupon.LocalServers;

namespace Coupon.Tests.Servers;

/// <summary>
/// Everything that one API and one consumer need to live apart from all other tests: a Redis, topics, groups and a database of their own.
/// </summary>
/// <param name="redis">Private to the caller, since coupon ids start at 1 in every database.</param>
/// <param name="kafka">May be the shared one: names keep the topics apart.</param>
/// <param name="mySql">The connection string of a database that has the schema.</param>
public sealed class ServiceSettings(IRunningServer redis, IKafkaServer kafka, string mySql) : IAsyncDisposable
{
    public IRunningServer Redis => redis;

    public IKafkaServer Kafka => kafka;

    public string MySql => mySql;

    public string CouponIssuedTopic { get; } = UniqueName.From("coupon-issued");

    public string DeadLettersTopic { get; } = UniqueName.From("dead-letters");

    public string PersistenceGroup { get; } = UniqueName.From("persistence");

    public string DeadLetterLedgerGroup { get; } = UniqueName.From("ledger");

    /// <summary>The same as configuration keys.</summary>
    public IReadOnlyDictionary<string, string?> Values =>
        new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = redis.ConnectionString,
            ["ConnectionStrings:Kafka"] = kafka.ConnectionString,
            ["ConnectionStrings:MySql"] = mySql,
            ["Topics:CouponIssued"] = CouponIssuedTopic,
            ["Topics:DeadLetters"] = DeadLettersTopic,
            ["ConsumerGroups:Persistence"] = PersistenceGroup,
            ["ConsumerGroups:DeadLetterLedger"] = DeadLetterLedgerGroup,

            // Tests press for thousands of users from one address.
            ["Auth:AllowAnonymous"] = "true",
            ["Limits:RequestsOfAddress"] = "0",
            ["Limits:PressesOfUser"] = "0",

            // Nobody is to be sent elsewhere; what a drain does has tests of its own.
            ["Stop:Drain"] = "00:00:00",

            // Nobody loses a lease because many tests share two cores; tests of leases set their own.
            ["Stock:LeaseTime"] = "00:00:15",

            // Tests start many instances and wait for each; what a warm-up does has tests of its own.
            ["WarmUp:Requests"] = "0",
            ["WarmUp:Batches"] = "0",
        };

    /// <summary>The same as environment variables, for real processes.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        Values.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value!);

    /// <summary>On the shared Kafka and MySQL, with a Redis of its own.</summary>
    public static async Task<ServiceSettings> CreateAsync(TestServers servers, int partitions = 4)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var redis = LocalRedis.StartAsync();
        return await CreateAsync(await redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync(), partitions);
    }

    /// <summary>On servers that the caller chose; the topics are created.</summary>
    public static async Task<ServiceSettings> CreateAsync(IRunningServer redis, IKafkaServer kafka, string mySql, int partitions = 4)
    {
        var settings = new ServiceSettings(redis, kafka, mySql);
        await kafka.CreateTopicAsync(settings.CouponIssuedTopic, partitions);
        await kafka.CreateTopicAsync(settings.DeadLettersTopic, 1);
        return settings;
    }

    /// <summary>Stops the Redis.</summary>
    public ValueTask DisposeAsync() => redis.DisposeAsync();
}
