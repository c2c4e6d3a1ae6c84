using Coupon.Consumers.Issuing;
using Coupon.Contracts;
using MassTransit;

namespace Coupon.Consumers.Rehearsing;

/// <summary>Does with a batch what the real consumer does, and leaves nothing: the issuances are of a coupon that does not exist.</summary>
internal sealed class RehearsalConsumer(PoisonIsolation writing, RehearsalProgress progress) : IConsumer<Batch<CouponIssued>>
{
    public async Task Consume(ConsumeContext<Batch<CouponIssued>> context)
    {
        var batch = context.Message;
        var issuances = new Issuance[batch.Length];
        for (var index = 0; index < issuances.Length; index++)
            issuances[index] = new Issuance(batch[index].Message, index);
        await writing.WriteAsync(issuances, mostFailures: 0, context.CancellationToken);
        progress.Played(issuances.Length);
    }
}
