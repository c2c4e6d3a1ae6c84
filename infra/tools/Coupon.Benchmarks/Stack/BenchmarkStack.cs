using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Stack;

/// <summary>The servers that everything under test shares: one Redis, one Kafka, one MySQL with the schema, started for this run.</summary>
internal sealed class BenchmarkStack : IAsyncDisposable
{
    // What a sale of millions needs: less would measure checkpoints.
    private static readonly LocalMySqlOptions _mySqlOptions = new() { BufferPoolMegabytes = 1024, RedoLogMegabytes = 1024 };

    private readonly ServiceServers _servers;

    private readonly ScratchFolder _logFolder = new("benchmark-logs");
    private readonly Lock _creating = new();
    private long _lastId;

    private BenchmarkStack(ServiceServers servers, string mySql, ConnectionMultiplexer redis)
    {
        _servers = servers;
        MySql = mySql;
        Redis = redis;
    }

    /// <summary>The connection string of the database.</summary>
    public string MySql { get; }

    public ConnectionMultiplexer Redis { get; }

    public IKafkaServer Kafka => _servers.Kafka;

    /// <summary>Takes what the processes under test log; gone with this.</summary>
    public string LogFolder => _logFolder.Path;

    /// <summary>One line for the notes of a table.</summary>
    public string Note => $"Redis: {_servers.Redis.Description}. Kafka: {_servers.Kafka.Description}. MySQL: {_servers.MySql.Description}.";

    /// <summary>The servers' own processes, where they are ours: for their CPU time and memory.</summary>
    public IEnumerable<(string Name, int ProcessId)> Processes =>
        new (string Name, object Server)[] { ("Redis", _servers.Redis), ("Kafka", _servers.Kafka), ("MySQL", _servers.MySql) }
            .Where(pair => pair.Server is LocalServer)
            .Select(pair => (pair.Name, ((LocalServer)pair.Server).Process.Id));

    public static async Task<BenchmarkStack> StartAsync(CancellationToken cancellationToken)
    {
        var servers = await ServiceServers.StartAsync(_mySqlOptions, cancellationToken);
        try
        {
            var mySql = new MySqlConnectionStringBuilder(servers.MySql.ConnectionString) { Database = "coupon" }.ConnectionString;
            var stack = new BenchmarkStack(
                servers,
                mySql,
                await ConnectionMultiplexer.ConnectAsync(servers.Redis.ConnectionString + ",allowAdmin=true")
            );
            await using var database = stack.OpenDatabase();
            await database.Database.MigrateAsync(cancellationToken);
            return stack;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>A context on the database.</summary>
    public CouponDbContext OpenDatabase()
    {
        var options = new DbContextOptionsBuilder<CouponDbContext>();
        CouponDatabase.Configure(options, MySql);
        return new CouponDbContext(options.Options);
    }

    /// <summary>Creates a coupon in MySQL and puts its stock into Redis, without the API: for the baselines.</summary>
    public async Task<long> CreateCouponAsync(long quantity, CancellationToken cancellationToken)
    {
        await using var database = OpenDatabase();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var row = new CouponRow
        {
            Id = NextId(now),
            Title = "Benchmark",
            TotalQuantity = quantity,
            CreatedAt = now,
        };
        database.Coupons.Add(row);
        await database.SaveChangesAsync(cancellationToken);
        await new StockTerms(Redis).LoadAsync(CouponTerms.Of(row));
        return row.Id;
    }

    // A thousand coupons are made in a few milliseconds, for which twelve random bits are too few.
    private long NextId(DateTime now)
    {
        lock (_creating)
            return _lastId = Math.Max(CouponId.At(now), _lastId + 1);
    }

    /// <summary>What a process needs to find the servers, and topics of its own.</summary>
    public Dictionary<string, string> Environment(string topic) =>
        new()
        {
            ["ConnectionStrings__Redis"] = _servers.Redis.ConnectionString,
            ["ConnectionStrings__Kafka"] = _servers.Kafka.ConnectionString,
            ["ConnectionStrings__MySql"] = MySql,
            ["Topics__CouponIssued"] = topic,
            ["Topics__DeadLetters"] = topic + "-dead-letters",
            ["ConsumerGroups__Persistence"] = topic + "-persistence",
            ["ConsumerGroups__DeadLetterLedger"] = topic + "-ledger",
        };

    /// <summary>Creates the topics that <see cref="Environment"/> names.</summary>
    public async Task CreateTopicsAsync(string topic, int partitions = 12)
    {
        await _servers.Kafka.CreateTopicAsync(topic, partitions);
        await _servers.Kafka.CreateTopicAsync(topic + "-dead-letters", 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await _servers.DisposeAsync();
        _logFolder.Dispose();
    }
}
