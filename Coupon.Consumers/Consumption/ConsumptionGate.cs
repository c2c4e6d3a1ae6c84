namespace Coupon.Consumers.Consumption;

/// <summary>
/// Where batches wait while consumption is paused. Paused at first: until the switch has been read it is not known whether an operator has paused
/// consumption. A batch that waits here does not cost the membership of the group, since the rider goes on polling.
/// </summary>
internal sealed class ConsumptionGate
{
    private readonly ConsumptionState _state;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _resumed;
    private (ObstacleKind Kind, string Detail)? _pause;
    private IDisposable? _obstacle;
    private int _waiting;

    public ConsumptionGate(ConsumptionState state)
    {
        _state = state;
        Pause(ObstacleKind.SwitchUnread, "The switch that pauses consumption has not been read yet.");
    }

    public bool IsPaused
    {
        get
        {
            lock (_lock)
                return _resumed is not null;
        }
    }

    /// <summary>How many batches wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Pause(string reason)
    {
        lock (_lock)
            Pause(ObstacleKind.Paused, reason);
    }

    public void Resume()
    {
        lock (_lock)
        {
            _obstacle?.Dispose();
            _resumed?.TrySetResult();
            (_resumed, _pause, _obstacle) = (null, null, null);
        }
    }

    /// <summary>The switch could not be read. The gate stays as it is; where the switch never was read, the obstacle gets this reason.</summary>
    public void SwitchUnreadable(string reason)
    {
        lock (_lock)
        {
            if (_pause?.Kind == ObstacleKind.SwitchUnread)
                Pause(ObstacleKind.SwitchUnread, $"The switch that pauses consumption cannot be read: {reason}");
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _resumed is null ? Task.CompletedTask : WaitAsync(_resumed.Task, cancellationToken);
    }

    private async Task WaitAsync(Task resumed, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await resumed.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Pause(ObstacleKind kind, string detail)
    {
        if (_pause == (kind, detail))
            return;
        var before = _obstacle;
        _resumed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        (_pause, _obstacle) = ((kind, detail), _state.Enter(kind, detail));
        before?.Dispose();
    }
}
