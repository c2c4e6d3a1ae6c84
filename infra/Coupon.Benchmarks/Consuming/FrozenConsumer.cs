using Coupon.Benchmarks.Stack;
using Coupon.Contracts;

namespace Coupon.Benchmarks.Consuming;

/// <summary>A consumer process that stands still (SIGSTOP) while its topic fills: a held backlog for a process that is warm and in its group.</summary>
internal sealed class FrozenConsumer(string name, ServerProcess process, string bootstrapServers, string topic) : IDrain
{
    public string Name => name;

    public int Coupons { get; init; } = 1;

    public double ProcessorSeconds => process.ProcessorSeconds;

    public async Task HoldAsync(IReadOnlyList<CouponIssued> backlog, CancellationToken cancellationToken)
    {
        process.Freeze();
        await Backlog.ProduceAsync(bootstrapServers, topic, backlog, cancellationToken);
    }

    public Task ReleaseAsync(CancellationToken cancellationToken)
    {
        process.Thaw();
        return Task.CompletedTask;
    }
}
