using Coupon.Faults.Schedules;

namespace Coupon.Faults.Acting;

/// <summary>Begins and ends the faults of some kinds.</summary>
internal interface IFaultMaker
{
    /// <summary>Whether it makes faults of this kind.</summary>
    bool Makes(FaultKind kind);

    /// <summary>Begins one; what is over at once is over when this returns.</summary>
    Task BeginAsync(Fault fault, CancellationToken cancellationToken);

    /// <summary>Ends it, after its duration.</summary>
    Task EndAsync(Fault fault, CancellationToken cancellationToken);
}
