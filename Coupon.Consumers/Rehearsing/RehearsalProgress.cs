namespace Coupon.Consumers.Rehearsing;

/// <summary>How many messages of a rehearsal have been dealt with.</summary>
internal sealed class RehearsalProgress : IDisposable
{
    private readonly SemaphoreSlim _played = new(0);

    public void Played(int messages) => _played.Release(messages);

    public async Task WaitAsync(int messages, CancellationToken cancellationToken)
    {
        for (var waited = 0; waited < messages; waited++)
            await _played.WaitAsync(cancellationToken);
    }

    public void Dispose() => _played.Dispose();
}
