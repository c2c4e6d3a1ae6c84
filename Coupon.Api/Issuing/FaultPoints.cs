using System.ComponentModel.DataAnnotations;
using System.Diagnostics;

namespace Coupon.Api.Issuing;

/// <summary>The places at which a test can kill the process.</summary>
public enum FaultPoint
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>The seat is taken in Redis, the message exists nowhere but in the outbox.</summary>
    BetweenScriptAndProduce,
}

/// <summary>Section <c>Faults</c>: off by default, and for tests only.</summary>
public sealed class FaultOptions
{
    /// <summary>Where to die, as by kill -9. Default: nowhere.</summary>
    public FaultPoint KillAt { get; set; }

    /// <summary>At which passage, counted from 1. Default 1.</summary>
    [Range(1, int.MaxValue)]
    public int KillAtPassage { get; set; } = 1;
}

/// <summary>Dies where it was told to.</summary>
internal sealed class FaultPoints(FaultOptions options)
{
    private int _passages;

    public void Reach(FaultPoint point)
    {
        if (point != options.KillAt)
            return;
        if (Interlocked.Increment(ref _passages) != options.KillAtPassage)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
