using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Faults.Acting;

/// <summary>A replica of Redis that takes over from its primary, or dies with it.</summary>
internal sealed class RedisFailovers(RedisStack redis) : IFaultMaker
{
    // What the replica has not received is up to as old as this, where the run can hold it back.
    private static readonly TimeSpan _mostLag = TimeSpan.FromSeconds(1.5);

    // For as long a primary that thaws does not hear that it was replaced.
    private static readonly TimeSpan _longestIgnorance = TimeSpan.FromSeconds(4);

    private LocalRedis _struck = redis.Primary;

    public bool Makes(FaultKind kind) => kind is FaultKind.FailOverRedis or FaultKind.PromoteReplica or FaultKind.KillShard;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        _struck = await redis.FindPrimaryAsync();
        if (fault.Kind == FaultKind.KillShard)
        {
            await Task.WhenAll(redis.Primary.KillAsync(), redis.Other!.KillAsync());
            return;
        }

        redis.HoldReplication(true);
        await Task.Delay(fault.Strength * _mostLag, TimeProvider.System, cancellationToken);
        if (fault.Kind == FaultKind.FailOverRedis)
            _struck.Freeze();
        await redis.PromoteOtherAsync(cancellationToken);
    }

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.KillShard)
        {
            await redis.Primary.StartAgainAsync(cancellationToken);
            await redis.Other!.StartAgainAsync(cancellationToken);
            await redis.InStepAsync(cancellationToken);
            return;
        }

        if (fault.Kind == FaultKind.FailOverRedis)
        {
            _struck.Thaw();
            await Task.Delay(fault.Strength * _longestIgnorance, TimeProvider.System, cancellationToken);
        }

        redis.HoldReplication(false);
        await redis.DemoteOtherAsync(cancellationToken);
    }
}
