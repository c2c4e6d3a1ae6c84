namespace Coupon.Consumers.Consumption;

/// <summary>Where batches wait while an operator has paused consumption. Waiting here keeps the membership of the group: only handling stands still.</summary>
internal sealed class ConsumptionGate(ConsumptionState state)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _resumed;
    private IDisposable? _obstacle;

    public bool IsPaused
    {
        get
        {
            lock (_lock)
                return _resumed is not null;
        }
    }

    public void Pause(string reason)
    {
        lock (_lock)
        {
            if (_resumed is not null)
                return;
            _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _obstacle = state.Enter(Trouble.Paused, reason);
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _obstacle?.Dispose();
            _resumed?.TrySetResult();
            (_resumed, _obstacle) = (null, null);
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _resumed is null ? Task.CompletedTask : _resumed.Task.WaitAsync(cancellationToken);
    }
}
