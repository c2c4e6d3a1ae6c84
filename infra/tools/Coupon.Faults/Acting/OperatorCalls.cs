using System.Globalization;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Acting;

/// <summary>What operators ask for in the middle. A call may be refused while servers are away.</summary>
internal sealed class OperatorCalls(FaultyService service, Operators operators, long couponId, History history) : IFaultMaker
{
    private const int MostRestocked = 500;

    public bool Makes(FaultKind kind) =>
        kind
            is FaultKind.Restock
                or FaultKind.Rebuild
                or FaultKind.PauseConsumption
                or FaultKind.CloseCoupon
                or FaultKind.ReplayDeadLetters
                or FaultKind.DiscardDeadLetters;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken) =>
        fault.Kind switch
        {
            FaultKind.Restock => OfCouponAsync(fault, "restock", new { quantity = 1 + (int)(fault.Strength * MostRestocked) }, cancellationToken),
            FaultKind.Rebuild => OfCouponAsync(fault, "rebuild", null, cancellationToken),
            FaultKind.CloseCoupon => OfCouponAsync(fault, "close", null, cancellationToken),
            FaultKind.ReplayDeadLetters => OfConsumersAsync("dead-letters/replay", new { filter = new { } }, cancellationToken),
            FaultKind.DiscardDeadLetters => OfConsumersAsync(
                "dead-letters/discard",
                new { filter = new { }, reason = "a fault run" },
                cancellationToken
            ),
            _ => OfConsumersAsync("consumption/pause", new { reason = "a fault run" }, cancellationToken),
        };

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        // Nobody else lets consumption go on: until it is heard.
        while (fault.Kind == FaultKind.PauseConsumption && !await OfConsumersAsync("consumption/resume", null, cancellationToken))
            await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System, cancellationToken);
    }

    private async Task OfCouponAsync(Fault fault, string call, object? body, CancellationToken cancellationToken)
    {
        var instance = Names.Apis[(int)(fault.Strength * 1000) % Names.Apis.Count];
        var path = string.Create(CultureInfo.InvariantCulture, $"/coupons/{couponId}/{call}");
        history.Say($"{call} at {instance}: {await operators.AskAsync(service.Processes[instance], path, body, cancellationToken)}");
    }

    private async Task<bool> OfConsumersAsync(string call, object? body, CancellationToken cancellationToken)
    {
        foreach (var consumer in Names.Consumers)
        {
            var answer = await operators.AskAsync(service.Processes[consumer], $"/ops/{call}", body, cancellationToken);
            history.Say($"{call} at {consumer}: {answer}");
            if (answer.StartsWith('2'))
                return true;
        }

        return false;
    }
}
