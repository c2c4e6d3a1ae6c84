using Coupon.Faults.Schedules;
using Coupon.LocalServers;
using StackExchange.Redis;

namespace Coupon.Faults.Acting;

/// <summary>A Redis that forgets, dies or freezes.</summary>
internal sealed class RedisFaults(LocalRedis redis) : IFaultMaker
{
    // appendfsync everysec may lose up to two seconds.
    private static readonly TimeSpan _mostLost = TimeSpan.FromSeconds(1.5);

    public bool Makes(FaultKind kind) => kind is FaultKind.FlushRedis or FaultKind.PowerCutRedis or FaultKind.KillRedis or FaultKind.FreezeRedis;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.FlushRedis:
                await FlushAsync();
                break;
            case FaultKind.PowerCutRedis:
                await LoseAsync(fault.Strength * _mostLost, cancellationToken);
                break;
            case FaultKind.KillRedis:
                await redis.KillAsync();
                break;
            default:
                redis.Freeze();
                break;
        }
    }

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.FreezeRedis)
            redis.Thaw();
        if (fault.Kind is FaultKind.PowerCutRedis or FaultKind.KillRedis)
            await redis.StartAgainAsync(cancellationToken);
    }

    private async Task FlushAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    // What is written from now on is what the power cut takes.
    private async Task LoseAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Directory.GetFiles(redis.AppendOnlyFolder, "*.incr.aof").Order(StringComparer.Ordinal).Last());
        var length = file.Length;
        await Task.Delay(time, TimeProvider.System, cancellationToken);
        await redis.KillAsync();
        await using var stream = file.OpenWrite();
        stream.SetLength(length);
    }
}
