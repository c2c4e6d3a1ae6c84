using Confluent.Kafka;
using MassTransit.Configuration;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>A Kafka producer, opened when the bus starts or when it is first used, and again after a stop.</summary>
internal sealed class ProducerClient(
    ProducerConfig settings,
    Action<string>? statisticsHandler,
    Action<IClient, string>? tokenRefreshHandler,
    IHostConfiguration host,
    TimeProvider time
)
{
    private static readonly TimeSpan _askTimeout = TimeSpan.FromSeconds(1);

    // A cluster that refuses the producer as such makes every client fatal: opened for each message, clients would be all that the process does.
    private static readonly TimeSpan _openingInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _opening = new();
    private volatile OpenProducer? _open;
    private bool _isStopped;

    private Error? _brokersLost;
    private long _openedAt;
    private Error? _fatal;
    private Task _closingFatal = Task.CompletedTask;

    private ILogger Logger => (host.SendLogContext ?? throw new InvalidOperationException("The bus has no log context yet.")).Logger;

    public Task Produce(TopicPartition to, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        if (_open is null && UntilOpening() is { Ticks: > 0 } pause)
            return ProduceAfter(pause, to, message, cancellationToken);
        return ProduceNow(to, message, cancellationToken);
    }

    private async Task ProduceAfter(TimeSpan pause, TopicPartition to, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        await ProduceNow(to, message, cancellationToken).ConfigureAwait(false);
    }

    private Task ProduceNow(TopicPartition to, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        // One that is being closed is not the open one any more.
        OpenProducer open;
        do open = _open ?? Open();
        while (!open.Use.TryEnter());
        Task<DeliveryResult<byte[], byte[]>> delivered;
        try
        {
            delivered = open.Producer.ProduceAsync(to, message, open.Closed.Token);
        }
        finally
        {
            open.Use.Leave();
        }

        if (delivered.IsFaulted)
        {
            var cause = delivered.Exception!.GetBaseException();
            if (cause is KafkaException { Error: var error } && IsFatal(error))
                Abandon(open.Producer, error);
            return Task.FromException(QueueFull.Explain(cause, to, settings));
        }

        open.Deliveries.Watch(delivered);
        return cancellationToken.CanBeCanceled ? delivered.WaitAsync(cancellationToken) : delivered;
    }

    /// <summary>It may be opened again.</summary>
    public void Start()
    {
        lock (_opening)
            _isStopped = false;
    }

    /// <summary>It is not opened any more: nobody would deliver what is produced after the stop.</summary>
    public void Refuse()
    {
        lock (_opening)
            _isStopped = true;
    }

    /// <summary>
    /// Opens it and asks for the cluster in the background: connecting, the identity of an idempotent producer and the leaders of the partitions are
    /// some round trips that the first message need not wait for. Asks for what there is, so no broker creates a topic because of it.
    /// </summary>
    public void Connect()
    {
        Open();
        AskOnce();
    }

    /// <summary>What keeps it from delivering, or null while nothing does.</summary>
    public string? FindFault()
    {
        if (Volatile.Read(ref _fatal) is { } fatal)
            return $"the producer failed, and is opened again with the next message: {fatal.Reason}";
        if (Volatile.Read(ref _brokersLost) is not { } lost)
            return _open is { Deliveries.IsDoubtful: true } ? "messages time out before they are delivered" : null;
        AskOnce();
        return $"no broker answers: {lost.Reason}";
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        OpenProducer? open;
        Task closingFatal;
        lock (_opening)
        {
            _isStopped = true;
            open = _open;
            _open = null;
            closingFatal = _closingFatal;
        }

        await closingFatal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (open is not null)
            await Task.Run(() => open.Close(Logger, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    private void AskOnce()
    {
        lock (_opening)
        {
            if (_open is { } open && open.Asking.IsCompleted)
                open.Asking = Task.Run(() => Ask(open));
        }
    }

    /// <summary>The client reports only that the brokers are gone; so while they are, they are asked every second.</summary>
    private async Task Ask(OpenProducer open)
    {
        do
        {
            try
            {
                using var admin = new DependentAdminClientBuilder(open.Producer.Handle).Build();
                admin.GetMetadata(_askTimeout);
                if (Interlocked.Exchange(ref _brokersLost, null) is not null)
                    Log.ProducerFoundBrokers(Logger);
            }
#pragma warning disable CA1031 // Still away, or just being closed: both mean that nothing is known to be well.
            catch (Exception)
#pragma warning restore CA1031
            {
                await Task.Delay(_askTimeout, TimeProvider.System, open.Closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        } while (Volatile.Read(ref _brokersLost) is not null && !open.Closed.IsCancellationRequested);
    }

    private OpenProducer Open()
    {
        lock (_opening)
        {
            if (_open is not null)
                return _open;
            if (_isStopped)
                throw new InvalidOperationException("The bus was stopped: nothing is produced until it is started again.");
            _open = new OpenProducer(Build(), new DeliveryWatch(() => ClusterProbe.Answers(settings, tokenRefreshHandler, Logger), GiveUp));
            _openedAt = time.GetTimestamp();
            Volatile.Write(ref _fatal, null);
            return _open;
        }
    }

    /// <summary>How long another client has to wait after one that was fatal.</summary>
    private TimeSpan UntilOpening()
    {
        lock (_opening)
            return _fatal is null ? TimeSpan.Zero : _openingInterval - time.GetElapsedTime(_openedAt);
    }

    private static bool IsFatal(Error error) => error.IsFatal || error.Code == ErrorCode.Local_Fatal;

    /// <summary>
    /// An idempotent client that cannot tell any more what was written refuses all that follows, for ever: the next message opens another one. Closed
    /// on another thread, because the client itself may be calling.
    /// </summary>
    private void Abandon(IClient producer, Error error)
    {
        lock (_opening)
        {
            if (_open is not { } open || open.Producer != producer)
                return;
            _open = null;
            Volatile.Write(ref _fatal, error);
            _closingFatal = Task.WhenAll(_closingFatal, Task.Run(() => open.Close(Logger, CancellationToken.None)));
        }

        Log.ProducerFatal(Logger, error.Code, error.Reason);
    }

    /// <summary>None of its messages arrives, though a broker answers: another client may do better, and this one would not.</summary>
    private void GiveUp()
    {
        var client = settings.ClientId ?? "Kafka producer";
        lock (_opening)
        {
            if (_open is not { Deliveries.IsDoubtful: true } open)
                return;
            _open = null;
            Volatile.Write(ref _fatal, new Error(ErrorCode.Local_MsgTimedOut, "no message was delivered though a broker answered"));
            _closingFatal = Task.WhenAll(_closingFatal, Task.Run(() => open.Close(Logger, CancellationToken.None)));
        }

        Log.ProducerGivenUp(Logger, client);
        RiderMetrics.ProducerReplaced();
    }

    private IProducer<byte[], byte[]> Build()
    {
        var errors = new ClientErrors(Logger, settings.ClientId ?? "Kafka producer", TimeProvider.System);
        var builder = new ProducerBuilder<byte[], byte[]>(settings)
            .SetLogHandler((_, message) => Log.Client(Logger, message.Name, message.Message))
            .SetErrorHandler((producer, error) => OnError(producer, error, errors));
        if (statisticsHandler is not null)
            builder.SetStatisticsHandler((producer, json) => Statistics(producer, json, statisticsHandler));
        if (tokenRefreshHandler is not null)
            builder.SetOAuthBearerTokenRefreshHandler(TokenRefresh.Guard(tokenRefreshHandler, Logger));
        return builder.Build();
    }

    private void Statistics(IClient producer, string json, Action<string> handler) =>
        ApplicationHandler.Call(() => handler(json), exception => Log.ProducerHandlerFailed(Logger, exception, producer.Name, "statistics"));

    private void OnError(IClient producer, Error error, ClientErrors errors)
    {
        if (IsFatal(error))
        {
            Abandon(producer, error);
            return;
        }

        errors.Report(error);
        if (error.Code != ErrorCode.Local_AllBrokersDown)
            return;
        if (Interlocked.Exchange(ref _brokersLost, error) is null)
            Log.ProducerLostBrokers(Logger, error.Reason);
        AskOnce();
    }
}
