using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Faults.Acting;

/// <summary>Links of one process to the servers of a kind, or to one of them.</summary>
internal sealed class LinkFaults(FaultyService service) : IFaultMaker
{
    private static readonly TimeSpan _latest = TimeSpan.FromMilliseconds(400);
    private const int LeastBytesPerSecond = 2_000;
    private const int MostBytesPerSecond = 30_000;

    public bool Makes(FaultKind kind) =>
        kind
            is FaultKind.CutLink
                or FaultKind.HalfOpenLink
                or FaultKind.HoldAnswers
                or FaultKind.SlowLink
                or FaultKind.ThrottleLink
                or FaultKind.ResetLink;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        foreach (var link in service.Links(fault.Target))
            Begin(fault, link);
        return Task.CompletedTask;
    }

    public Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        foreach (var link in service.Links(fault.Target))
            link.Restore();
        return Task.CompletedTask;
    }

    private static void Begin(Fault fault, TcpProxy link)
    {
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
            case FaultKind.ThrottleLink:
                link.BytesPerSecond = LeastBytesPerSecond + (int)(fault.Strength * (MostBytesPerSecond - LeastBytesPerSecond));
                break;
            default:
                link.BreakConnections();
                break;
        }
    }
}
