using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>A private Redis Sentinel: some of them watch a primary, and promote its replica when most agree that it is gone.</summary>
public sealed class LocalSentinel : LocalServer
{
    /// <summary>The name under which the primary is watched.</summary>
    public const string Service = "coupon";

    private readonly string _program;
    private readonly LocalRedis _primary;

    private LocalSentinel(string program, LocalRedis primary)
        : base("sentinel") => (_program, _primary) = (program, primary);

    /// <inheritdoc />
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <inheritdoc />
    public override string Description => "Redis Sentinel, private";

    // The same program as redis-server: Debian's package redis-sentinel adds a link and a service (https://redis.io, "Running Sentinel").
    /// <inheritdoc />
    protected override ChildCommand Command => new(_program, [_configuration, "--sentinel"]);

    private string _configuration => Path.Combine(Folder, "sentinel.conf");

    /// <summary>Starts some that agree by majority.</summary>
    public static async Task<IReadOnlyList<LocalSentinel>> StartAsync(
        LocalRedis primary,
        int count = 3,
        CancellationToken cancellationToken = default
    )
    {
        var program = ProgramFile.Find("redis-server")
            ?? throw new InvalidOperationException("There is no redis-server on the PATH (Debian: apt-get install redis-server).");
        var sentinels = new List<LocalSentinel>();
        for (var i = 0; i < count; i++)
        {
            var sentinel = new LocalSentinel(program, primary);
            await sentinel.StartFirstAsync(cancellationToken);
            sentinels.Add(sentinel);
        }

        return sentinels;
    }

    /// <inheritdoc />
    protected override Task InitialiseAsync(CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(
            _configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                bind 127.0.0.1
                port {Port}
                dir {Folder}
                sentinel monitor {Service} 127.0.0.1 {_primary.Port} 2
                sentinel down-after-milliseconds {Service} 1000
                sentinel failover-timeout {Service} 5000

                """
            ),
            cancellationToken
        );

    /// <inheritdoc />
    protected override Task<bool> AnswersAsync(CancellationToken cancellationToken) => RedisPing.IsAnsweredAsync(Port, cancellationToken);
}
