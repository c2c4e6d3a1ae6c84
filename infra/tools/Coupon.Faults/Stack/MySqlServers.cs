using Coupon.Faults.Schedules;
using Coupon.LocalServers;
using Dapper;
using MySqlConnector;

namespace Coupon.Faults.Stack;

/// <summary>The MySQL of some runs, with a replica or without.</summary>
internal sealed class MySqlServers : IAsyncDisposable
{
    // What a run writes is a few megabytes, and an empty MySQL has 170.
    private const int DiskMegabytes = 1024;

    private readonly LocalMySql? _replica;

    private MySqlServers(LocalMySql primary, LocalMySql? replica, bool isMariaDb) => (Current, _replica, IsMariaDb) = (primary, replica, isMariaDb);

    /// <summary>The one that the service uses.</summary>
    public LocalMySql Current { get; private set; }

    public bool IsMariaDb { get; }

    /// <summary>Whether the replica was promoted, and there is none any more.</summary>
    public bool HasFailedOver => _replica is not null && Current == _replica;

    /// <summary>Whether the MySQL of this machine is replicated here. MariaDB has other options and statements for it.</summary>
    public static bool CanReplicate => Environment.GetEnvironmentVariable("MYSQL_HOME") is { Length: > 0 };

    public static async Task<MySqlServers> StartAsync(StackKind stack, CancellationToken cancellationToken)
    {
        var withReplica = stack == StackKind.MySqlReplica;
        var disk = stack == StackKind.SmallDisk ? DiskMegabytes : (int?)null;
        var starting = withReplica
            ? [StartOneAsync(1, cancellationToken), StartOneAsync(2, cancellationToken)]
            : new[] { LocalMySql.StartAsync(new LocalMySqlOptions { DiskMegabytes = disk }, cancellationToken) };
        var started = await Task.WhenAll(starting);
        var servers = new MySqlServers(started[0], withReplica ? started[1] : null, await IsMariaDbAsync(started[0], cancellationToken));
        if (servers._replica is { } replica)
        {
            await ExecuteAsync(
                replica,
                $"CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {started[0].Port}, SOURCE_USER = 'coupon', "
                    + "SOURCE_PASSWORD = 'coupon', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1"
            );
            await ExecuteAsync(replica, "START REPLICA");
        }

        return servers;
    }

    /// <summary>What the programs of the run itself connect with, past the links.</summary>
    public string ConnectionTo(string database) =>
        new MySqlConnectionStringBuilder(Current.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Waits until the replica has what the primary has by now.</summary>
    public async Task CatchUpAsync()
    {
        if (_replica is null || HasFailedOver)
            return;
        await using var primary = new MySqlConnection(Current.ConnectionString);
        var executed = (await primary.ExecuteScalarAsync<string>("SELECT @@GLOBAL.gtid_executed"))!.Replace("\n", "", StringComparison.Ordinal);
        await ExecuteAsync(_replica, $"DO WAIT_FOR_EXECUTED_GTID_SET('{executed}', 20)");
    }

    /// <summary>The replica receives nothing more.</summary>
    public Task StopReplicatingAsync() => ExecuteAsync(_replica!, "STOP REPLICA");

    /// <summary>The replica is what the service uses from now on; the primary is gone for good.</summary>
    public async Task PromoteAsync()
    {
        await Current.KillAsync();
        await ExecuteAsync(_replica!, "RESET REPLICA ALL");
        Current = _replica!;
    }

    public async ValueTask DisposeAsync()
    {
        await Current.DisposeAsync();
        if (_replica is not null)
            await _replica.DisposeAsync();
    }

    private static Task<LocalMySql> StartOneAsync(int number, CancellationToken cancellationToken) =>
        LocalMySql.StartAsync(
            new LocalMySqlOptions
            {
                BufferPoolMegabytes = 128,
                Arguments = ["--log-bin=binlog", $"--server-id={number}", "--gtid-mode=ON", "--enforce-gtid-consistency=ON"],
            },
            cancellationToken
        );

    private static async Task ExecuteAsync(LocalMySql server, string sql)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.ExecuteAsync(sql);
    }

    private static async Task<bool> IsMariaDbAsync(LocalMySql server, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
    }
}
