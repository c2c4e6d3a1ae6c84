using Coupon.Benchmarks.Stack;
using Coupon.Contracts;

namespace Coupon.Benchmarks.Consuming;

/// <summary>A consumer that is stopped (SIGSTOP) while its topic fills: a backlog for a process that is warm and a member of its group.</summary>
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
