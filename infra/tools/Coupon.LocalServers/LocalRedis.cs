using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coupon.LocalServers;

/// <summary>
/// A private Redis. By default it syncs its append-only file every second: kill −9 loses nothing, a power cut up to a second.
/// </summary>
public sealed class LocalRedis : LocalServer
{
    private static readonly TimeSpan _longestSync = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _syncPause = TimeSpan.FromMilliseconds(50);

    private readonly string _program;
    private readonly LocalRedisOptions _options;

    private LocalRedis(string program, LocalRedisOptions options)
        : base("redis")
    {
        _program = program;
        _options = options;
    }

    /// <summary>Whether this machine has a redis-server.</summary>
    public static bool IsInstalled => ProgramFile.Find("redis-server") is not null;

    /// <inheritdoc />
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <inheritdoc />
    public override string Description => $"redis-server, private, appendfsync {_options.AppendFsync}";

    /// <summary>The append-only file, for tests that truncate it while the server is down.</summary>
    public string AppendOnlyFolder => Path.Combine(Folder, "appendonlydir");

    /// <inheritdoc />
    protected override ChildCommand Command =>
        new(
            _program,
            [
                "--bind",
                "127.0.0.1",
                "--port",
                Port.ToString(CultureInfo.InvariantCulture),
                "--dir",
                Folder,
                "--save",
                "",
                "--appendonly",
                _options.AppendOnly ? "yes" : "no",
                "--appendfsync",
                _options.AppendFsync,
                // By default a primary waits 5 s for more replicas before it sends its data to the first one (redis.conf).
                "--repl-diskless-sync-delay",
                "0",
                .. _options.ReplicaOf is { } primary
                    ? ["--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture)]
                    : Array.Empty<string>(),
                .. _options.Arguments,
            ]
        );

    /// <summary>Starts one; a replica is in step with its primary when this returns.</summary>
    /// <exception cref="InvalidOperationException">There is no redis-server, or it does not start.</exception>
    /// <exception cref="TimeoutException">The replica does not come into step.</exception>
    public static async Task<LocalRedis> StartAsync(LocalRedisOptions? options = null, CancellationToken cancellationToken = default)
    {
        var program = ProgramFile.Find("redis-server")
            ?? throw new InvalidOperationException("There is no redis-server on the PATH (Debian: apt-get install redis-server).");
        var redis = new LocalRedis(program, options ?? new LocalRedisOptions());
        await redis.StartFirstAsync(cancellationToken);
        if (redis._options.ReplicaOf is not null)
            await redis.ComeIntoStepAsync(cancellationToken);
        return redis;
    }

    private async Task ComeIntoStepAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!(await AskAsync("INFO replication", cancellationToken)).Contains("master_link_status:up", StringComparison.Ordinal))
        {
            if (TimeProvider.System.GetElapsedTime(started) > _longestSync)
                throw new TimeoutException($"The replica at {ConnectionString} is not in step with its primary after {_longestSync.TotalSeconds} s.");
            await Task.Delay(_syncPause, TimeProvider.System, cancellationToken);
        }
    }

    // The beginning of the answer, which has the state of the replication.
    private async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);
        var answer = new byte[4096];
        var length = await stream.ReadAsync(answer, cancellationToken);
        return Encoding.ASCII.GetString(answer, 0, length);
    }

    /// <inheritdoc />
    protected override Task<bool> AnswersAsync(CancellationToken cancellationToken) => RedisPing.IsAnsweredAsync(Port, cancellationToken);
}
