using System.Globalization;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Dapper;
using MySqlConnector;

namespace Coupon.Faults.Acting;

/// <summary>Somebody else who takes what MySQL has for everybody: its connections, or the lock of the coupon's row.</summary>
internal sealed class MySqlContention(FaultyService service, long couponId) : IFaultMaker
{
    // The least that MariaDB admits, and one more than that for administrators.
    private const int Least = 10;
    private const int Usual = 500;

    private readonly List<MySqlConnection> _held = [];

    public bool Makes(FaultKind kind) => kind is FaultKind.ExhaustConnections or FaultKind.LockRows;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken) => fault.Kind == FaultKind.LockRows ? LockAsync() : ExhaustAsync();

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.ExhaustConnections)
            await _held[0].ExecuteAsync($"SET GLOBAL max_connections = {Usual}");
        await LetGoAsync();
    }

    private async Task LockAsync()
    {
        var holder = await OpenAsync();
        await holder.ExecuteAsync("START TRANSACTION");
        await holder.ExecuteAsync(new CommandDefinition("SELECT id FROM coupons WHERE id = @couponId FOR UPDATE", new { couponId }));
    }

    // All of them are open before the bound is lowered; then those of the service are ended.
    private async Task ExhaustAsync()
    {
        for (var i = 0; i <= Least; i++)
            await OpenAsync();
        var own = (await Task.WhenAll(_held.Select(held => held.ExecuteScalarAsync<long>("SELECT CONNECTION_ID()")))).ToHashSet();
        await _held[0].ExecuteAsync($"SET GLOBAL max_connections = {Least}");
        foreach (var other in await _held[0].QueryAsync<long>("SELECT id FROM information_schema.processlist WHERE user = 'coupon'"))
        {
            if (!own.Contains(other))
                await TryKillAsync(other);
        }
    }

    private async Task TryKillAsync(long connection)
    {
        try
        {
            await _held[0].ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"KILL {connection}"));
        }
        catch (MySqlException)
        {
            // It has ended meanwhile.
        }
    }

    private async Task<MySqlConnection> OpenAsync()
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder(service.Database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        _held.Add(connection);
        return connection;
    }

    private async Task LetGoAsync()
    {
        foreach (var connection in _held)
            await connection.DisposeAsync();
        _held.Clear();
    }
}
