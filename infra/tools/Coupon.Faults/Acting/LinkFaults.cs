using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Faults.Acting;

/// <summary>Links of one process to one server.</summary>
internal sealed class LinkFaults(FaultyService service) : IFaultMaker
{
    private static readonly TimeSpan _latest = TimeSpan.FromMilliseconds(400);

    public bool Makes(FaultKind kind) =>
        kind is FaultKind.CutLink or FaultKind.HalfOpenLink or FaultKind.HoldAnswers or FaultKind.SlowLink or FaultKind.ResetLink;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        var link = service.Link(fault.Target);
        switch (fault.Kind)
        {
            case FaultKind.CutLink:
                link.Mode = ProxyMode.Reset;
                break;
            case FaultKind.HalfOpenLink:
                link.Mode = ProxyMode.Blackhole;
                break;
            case FaultKind.HoldAnswers:
                link.Mode = ProxyMode.HoldAnswers;
                break;
            case FaultKind.SlowLink:
                link.Delay = fault.Strength * _latest;
                break;
            default:
                link.BreakConnections();
                break;
        }

        return Task.CompletedTask;
    }

    public Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        var link = service.Link(fault.Target);
        (link.Mode, link.Delay) = (ProxyMode.Forward, TimeSpan.Zero);
        return Task.CompletedTask;
    }
}
