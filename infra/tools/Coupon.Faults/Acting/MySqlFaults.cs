using Coupon.Faults.Schedules;
using Coupon.LocalServers;
using MySqlConnector;

namespace Coupon.Faults.Acting;

/// <summary>A MySQL that freezes, dies or refuses to write.</summary>
internal sealed class MySqlFaults(LocalMySql server) : IFaultMaker
{
    public bool Makes(FaultKind kind) => kind is FaultKind.FreezeMySql or FaultKind.KillMySql or FaultKind.ReadOnlyMySql;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.FreezeMySql:
                server.Freeze();
                break;
            case FaultKind.KillMySql:
                await server.KillAsync();
                break;
            default:
                await SetReadOnlyAsync("ON", cancellationToken);
                break;
        }
    }

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.FreezeMySql:
                server.Thaw();
                break;
            case FaultKind.KillMySql:
                await server.StartAgainAsync(cancellationToken);
                break;
            default:
                await SetReadOnlyAsync("OFF", cancellationToken);
                break;
        }
    }

    // Without super_read_only, accounts with all privileges write on, as that of the service has here.
    private async Task SetReadOnlyAsync(string value, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand($"SET GLOBAL super_read_only = {value}, GLOBAL read_only = {value}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
