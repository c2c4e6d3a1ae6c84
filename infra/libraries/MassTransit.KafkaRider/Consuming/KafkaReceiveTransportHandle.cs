using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>An endpoint that was started: its polling threads, and what they make of its health.</summary>
internal sealed class KafkaReceiveTransportHandle<TValue> : ReceiveTransportHandle
    where TValue : class
{
    private static readonly TimeSpan _askInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(15);

    private readonly ReceiveEndpointContext _endpoint;
    private readonly ConsumerSettings _settings;
    private readonly Func<IRecordPath<TValue>> _createPath;
    private readonly StartOffsets _startOffsets;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _loops;
    private readonly List<PollLoop<TValue>> _running = [];
    private readonly RedeliveryPauses _reopenPauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private readonly EndpointHealth _health;

    public KafkaReceiveTransportHandle(ReceiveEndpointContext endpoint, ConsumerSettings settings, Func<IRecordPath<TValue>> createPath)
    {
        _endpoint = endpoint;
        _settings = settings;
        _createPath = createPath;
        _startOffsets = new StartOffsets(settings.StartOffset);
        _health = new EndpointHealth(endpoint);
        _loops =
        [
            .. Enumerable
                .Range(0, settings.Consumers)
                .Select(index =>
                    Task.Factory.StartNew(
                        () => RunUntilStopped(index),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                ),
        ];
    }

    public async Task Stop(CancellationToken cancellationToken = default)
    {
        PollLoop<TValue>[] running;
        lock (_running)
        {
            _stopping.Cancel();
            running = [.. _running];
        }

        foreach (var loop in running)
            loop.Stop(cancellationToken);
        var ended = Task.WhenAll(_loops);
        if (
            await Task.WhenAny(ended, Task.Delay(_settings.StopTimeout + _closeTimeout, TimeProvider.System, CancellationToken.None))
                .ConfigureAwait(false) != ended
        )
            Log.SlowClose(_endpoint.LogContext.Logger, _endpoint.InputAddress);
        await _endpoint.TransportObservers.NotifyCompleted(_endpoint.InputAddress, new NoMetrics()).ConfigureAwait(false);
    }

    private void RunUntilStopped(int index)
    {
        LogContext.SetCurrentIfNull(_endpoint.LogContext);
        var state = new ClientState(_health, index, _settings.Topic, _settings.Client.GroupId);
        ConsumerGauges.Add(state);
        try
        {
            if (AwaitDependencies())
                RunUntilStopped(index, state);
        }
        finally
        {
            ConsumerGauges.Remove(state);
        }
    }

    /// <summary>What the application has added with <c>AddDependency</c>: until that is ready, nothing is consumed.</summary>
    /// <returns>False where the endpoint is stopped before.</returns>
    private bool AwaitDependencies()
    {
        try
        {
            _endpoint.DependenciesReady.Wait(_stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (AggregateException exception)
        {
            _health.Set(0, EndpointHealth.Trouble.Halted, _endpoint.ConvertException(exception.GetBaseException(), "A dependency failed."));
            Log.Halted(_endpoint.LogContext.Logger, exception.GetBaseException(), _endpoint.InputAddress);
            return false;
        }
    }

    private void RunUntilStopped(int index, ClientState state)
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested && !_health.IsHalted)
        {
            var opened = TimeProvider.System.GetTimestamp();
            try
            {
                Run(index, state);
                return;
            }
            catch (EndpointHaltedException exception)
            {
                _health.Set(index, EndpointHealth.Trouble.Halted, exception);
                Log.Halted(_endpoint.LogContext.Logger, exception, _endpoint.InputAddress);
            }
            catch (ClientGivenUpException exception)
            {
                var pause = PauseAfter(exception.WasMember || WasWell(opened), ref failures);
                Log.ClientGivenUp(_endpoint.LogContext.Logger, _endpoint.InputAddress, exception.Message, pause);
                RiderMetrics.ConsumerReplaced(_settings.Topic, _settings.Client.GroupId);
                state.Failed(new KafkaConnectionException(exception.Message, exception));
                _stopping.Token.WaitHandle.WaitOne(pause);
                AwaitBroker();
            }
#pragma warning disable CA1031 // Whatever ended the client, another one goes on where it had committed.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var pause = PauseAfter(WasWell(opened), ref failures);
                Log.ClientFailed(_endpoint.LogContext.Logger, exception, _endpoint.InputAddress, pause);
                state.Failed(_endpoint.ConvertException(exception, "The consumer failed."));
                _stopping.Token.WaitHandle.WaitOne(pause);
            }
        }
    }

    /// <summary>A client that is opened while a broker is frozen may get stuck as the one before did.</summary>
    private void AwaitBroker()
    {
        while (
            !_stopping.IsCancellationRequested && !ClusterProbe.Answers(_settings.Client, _settings.TokenRefreshHandler, _endpoint.LogContext.Logger)
        )
            _stopping.Token.WaitHandle.WaitOne(_askInterval);
    }

    /// <summary>One that did its work for a while was well: what ended it is not what ended the one before.</summary>
    private bool WasWell(long opened) => TimeProvider.System.GetElapsedTime(opened) > _reopenPauses.Longest * 2;

    /// <summary>Pauses grow only over clients that get nowhere: each outage of a broker ends one that was well.</summary>
    private TimeSpan PauseAfter(bool wasWell, ref int failures)
    {
        failures = wasWell ? 1 : failures + 1;
        return _reopenPauses.After(failures);
    }

    private void Run(int index, ClientState state)
    {
        var loop = new PollLoop<TValue>(_endpoint, _settings, _createPath(), _startOffsets, state, index);
        lock (_running)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _running.Add(loop);
        }

        try
        {
            TopicCreation.CreateIfMissing(_settings, _endpoint);
            loop.Run();
        }
        finally
        {
            lock (_running)
                _running.Remove(loop);
        }
    }

    private sealed class NoMetrics : DeliveryMetrics
    {
        public long DeliveryCount => 0;

        public int ConcurrentDeliveryCount => 0;
    }
}
