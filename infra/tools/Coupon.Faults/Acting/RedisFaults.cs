using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Faults.Acting;

/// <summary>The Redis that is the primary at the begin of the fault forgets, dies or freezes.</summary>
internal sealed class RedisFaults(RedisStack redis) : IFaultMaker
{
    // appendfsync everysec may lose up to two seconds.
    private static readonly TimeSpan _mostLost = TimeSpan.FromSeconds(1.5);

    private LocalRedis _struck = redis.Primary;

    public bool Makes(FaultKind kind) => kind is FaultKind.FlushRedis or FaultKind.PowerCutRedis or FaultKind.KillRedis or FaultKind.FreezeRedis;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        _struck = await redis.FindPrimaryAsync();
        switch (fault.Kind)
        {
            case FaultKind.FlushRedis:
                await RedisCli.SendAsync(_struck.Port, "FLUSHALL");
                break;
            case FaultKind.PowerCutRedis:
                await LoseAsync(_struck, fault.Strength * _mostLost, cancellationToken);
                break;
            case FaultKind.KillRedis:
                await _struck.KillAsync();
                break;
            default:
                _struck.Freeze();
                break;
        }
    }

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.FlushRedis)
            return;
        if (fault.Kind == FaultKind.FreezeRedis)
            _struck.Thaw();
        else
            await _struck.StartAgainAsync(cancellationToken);
        await redis.InStepAsync(cancellationToken);
    }

    // What is written from now on is what the power cut takes. A file that was written anew meanwhile, as for a replica, is left as it is.
    private static async Task LoseAsync(LocalRedis primary, TimeSpan time, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Directory.GetFiles(primary.AppendOnlyFolder, "*.incr.aof").Order(StringComparer.Ordinal).Last());
        var length = file.Length;
        await Task.Delay(time, TimeProvider.System, cancellationToken);
        await primary.KillAsync();
        file.Refresh();
        if (!file.Exists)
            return;
        await using var stream = file.OpenWrite();
        stream.SetLength(Math.Min(length, stream.Length));
    }
}
