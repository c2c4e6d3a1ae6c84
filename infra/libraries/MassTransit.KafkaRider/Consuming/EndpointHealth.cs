using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// What is wrong with the clients of an endpoint, by client and by kind: the endpoint is unhealthy while anything is. One client that is well says
/// nothing of another one. Safe for concurrent use.
/// </summary>
internal sealed class EndpointHealth(ReceiveEndpointContext endpoint)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int Client, Trouble Kind), Exception> _troubles = [];
    private Exception? _reported;
    private bool _wasReady;
    private bool _hasJoined;
    private bool _isHalted;

    /// <summary>A kind of trouble; the first one is reported where there are several.</summary>
    internal enum Trouble
    {
        Halted,
        Brokers,
        Client,
        Membership,
        Reading,
        Progress,
    }

    public bool IsHalted
    {
        get
        {
            lock (_lock)
                return _isHalted;
        }
    }

    public void Set(int client, Trouble kind, Exception exception)
    {
        lock (_lock)
        {
            if (_isHalted)
                return;
            _isHalted = kind == Trouble.Halted;
            _troubles[(client, kind)] = exception;
            Report();
        }
    }

    /// <param name="client">Number of the client.</param>
    /// <param name="kinds">What is over.</param>
    public void Clear(int client, params ReadOnlySpan<Trouble> kinds)
    {
        lock (_lock)
        {
            foreach (var kind in kinds)
                _troubles.Remove((client, kind));
            if (_reported is not null)
                Report();
        }
    }

    /// <summary>A client waits for messages: with nothing wrong, the endpoint is ready; else as soon as what is wrong is over.</summary>
    public void Ready()
    {
        lock (_lock)
        {
            _hasJoined = true;
            if (_wasReady || _troubles.Count > 0)
                return;
            _wasReady = true;
            _reported = null;
            Notify(endpoint.TransportObservers.NotifyReady(endpoint.InputAddress));
        }
    }

    // Inside the lock, so that what is told last is what is so. Observers are asynchronous and quick.
    private void Report()
    {
        var worst = _troubles.Count > 0 ? _troubles.OrderBy(trouble => trouble.Key.Kind).First().Value : null;

        // Before a client has joined its group, the endpoint is not ready because something else is over.
        if (worst == _reported || (worst is null && !_hasJoined))
            return;
        _reported = worst;
        _wasReady = worst is null;
        Notify(
            worst is null
                ? endpoint.TransportObservers.NotifyReady(endpoint.InputAddress)
                : endpoint.TransportObservers.NotifyFaulted(endpoint.InputAddress, worst)
        );
    }

    private void Notify(Task notified) =>
        notified.ContinueWith(
            task => Log.HandlerFailed(endpoint.LogContext.Logger, task.Exception!, endpoint.InputAddress, "endpoint events"),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
}
