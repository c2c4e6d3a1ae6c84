namespace Coupon.Consumers.Consumption;

/// <summary>
/// An obstacle that appears with the first failed attempt at a piece of work and stays until the work is done, also while it is tried again: health,
/// alert and console would otherwise report that all is well during each attempt.
/// </summary>
internal sealed class RetryObstacle(ConsumptionState state, ObstacleKind kind) : IDisposable
{
    private IDisposable? _shown;

    /// <summary>Shows the obstacle. The first call counts: its detail and its time stay.</summary>
    public void Show(string detail) => _shown ??= state.Enter(kind, detail);

    /// <summary>Makes one attempt, and shows the obstacle where it fails for another reason than a cancellation.</summary>
    public async ValueTask AttemptAsync(Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        try
        {
            await attempt(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Show(exception.GetBaseException().Message);
            throw;
        }
    }

    public void Dispose() => _shown?.Dispose();
}
