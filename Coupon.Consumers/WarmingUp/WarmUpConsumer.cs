using Coupon.Consumers.Issuing;
using Coupon.Contracts;
using MassTransit;

namespace Coupon.Consumers.WarmingUp;

/// <summary>Writes a batch as the real consumer does. All of it is rejected and none of it published: the coupon does not exist.</summary>
internal sealed class WarmUpConsumer(PoisonIsolation writing, WarmUpProgress progress) : IConsumer<Batch<CouponIssued>>
{
    public async Task Consume(ConsumeContext<Batch<CouponIssued>> context)
    {
        var batch = context.Message;
        var issuances = new Issuance[batch.Length];
        for (var index = 0; index < issuances.Length; index++)
            issuances[index] = new Issuance(batch[index].Message, index);
        await writing.WriteAsync(issuances, maxPoison: 0, context.CancellationToken);
        progress.Consumed(issuances.Length);
    }
}
