using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Dapper;
using MySqlConnector;

namespace Coupon.Faults.Acting;

/// <summary>A MySQL that freezes, dies, refuses to write, has no space left, or is replaced by a replica that lags.</summary>
internal sealed class MySqlFaults(FaultyService service) : IFaultMaker
{
    private static readonly TimeSpan _mostLag = TimeSpan.FromSeconds(3);

    private MySqlServers Servers => service.Servers.MySql;

    public bool Makes(FaultKind kind) =>
        kind is FaultKind.FreezeMySql or FaultKind.KillMySql or FaultKind.ReadOnlyMySql or FaultKind.FillMySqlDisk or FaultKind.FailOverMySql;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.FreezeMySql:
                Servers.Current.Freeze();
                break;
            case FaultKind.KillMySql:
                await Servers.Current.KillAsync();
                break;
            case FaultKind.FillMySqlDisk:
                Servers.Current.Disk.Fill();
                break;
            case FaultKind.FailOverMySql:
                await Servers.StopReplicatingAsync();
                await Task.Delay(fault.Strength * _mostLag, TimeProvider.System, cancellationToken);
                await Servers.PromoteAsync();
                service.LeadToCurrentMySql();
                break;
            default:
                await SetReadOnlyAsync("ON");
                break;
        }
    }

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.FreezeMySql:
                Servers.Current.Thaw();
                break;
            case FaultKind.KillMySql:
                await Servers.Current.StartAgainAsync(cancellationToken);
                break;
            case FaultKind.FillMySqlDisk:
                Servers.Current.Disk.Free();
                break;
            case FaultKind.ReadOnlyMySql:
                await SetReadOnlyAsync("OFF");
                break;
        }
    }

    // Without super_read_only, accounts with all privileges write on, as that of the service has here.
    private async Task SetReadOnlyAsync(string value)
    {
        await using var connection = new MySqlConnection(Servers.Current.ConnectionString);
        await connection.ExecuteAsync($"SET GLOBAL super_read_only = {value}, GLOBAL read_only = {value}");
    }
}
