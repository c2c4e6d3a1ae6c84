namespace Coupon.Consumers.Consumption;

/// <summary>
/// Where batches wait while an operator has paused consumption, and until it is known whether one has: closed at first. Waiting here keeps the
/// membership of the group: only handling stands still.
/// </summary>
internal sealed class ConsumptionGate
{
    private readonly ConsumptionState _state;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _opened;
    private (Trouble Trouble, string Detail)? _closed;
    private IDisposable? _obstacle;

    public ConsumptionGate(ConsumptionState state)
    {
        _state = state;
        Close(Trouble.SwitchUnread, "The switch that pauses consumption has not been read yet.");
    }

    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _opened is null;
        }
    }

    public void Pause(string reason)
    {
        lock (_lock)
            Close(Trouble.Paused, reason);
    }

    public void Resume()
    {
        lock (_lock)
        {
            _obstacle?.Dispose();
            _opened?.TrySetResult();
            (_opened, _closed, _obstacle) = (null, null, null);
        }
    }

    /// <summary>The switch could not be read. That changes nothing; where it never was, this is what is waited for.</summary>
    public void Unread(string reason)
    {
        lock (_lock)
        {
            if (_closed?.Trouble == Trouble.SwitchUnread)
                Close(Trouble.SwitchUnread, $"The switch that pauses consumption cannot be read: {reason}");
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _opened is null ? Task.CompletedTask : _opened.Task.WaitAsync(cancellationToken);
    }

    private void Close(Trouble trouble, string detail)
    {
        if (_closed == (trouble, detail))
            return;
        var before = _obstacle;
        _opened ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        (_closed, _obstacle) = ((trouble, detail), _state.Enter(trouble, detail));
        before?.Dispose();
    }
}
