namespace Coupon.Consumers.WarmingUp;

/// <summary>Counts the consumed messages of a warm-up.</summary>
internal sealed class WarmUpProgress : IDisposable
{
    private readonly SemaphoreSlim _consumed = new(0);

    public void Consumed(int messages) => _consumed.Release(messages);

    public async Task WaitAsync(int messages, CancellationToken cancellationToken)
    {
        for (var waited = 0; waited < messages; waited++)
            await _consumed.WaitAsync(cancellationToken);
    }

    public void Dispose() => _consumed.Dispose();
}
