using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Tells an endpoint when every broker is gone, and when one is back. The client reports only the first; so while they are gone, one is asked every
/// second.
/// </summary>
internal sealed class BrokerWatch(ReceiveEndpointContext endpoint, string topic, IEndpointState state) : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly ClientErrors _errors = new(endpoint.LogContext.Logger, endpoint.InputAddress.ToString(), TimeProvider.System);
    private volatile bool _lost;
    private volatile bool _isClosed;
    private bool _topicIsMissing;
    private long _askedAt;
    private Task _asking = Task.CompletedTask;

    private ILogger Logger => endpoint.LogContext.Logger;

    public void OnError(Error error)
    {
        _errors.Report(error);
        if (error.Code != ErrorCode.Local_AllBrokersDown || _lost) return;
        _lost = true;
        Log.BrokersLost(Logger, endpoint.InputAddress);
        state.BrokersLost(error);
    }

    public void OnConsumeError(Error error)
    {
        if (error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
        {
            if (_topicIsMissing) return;
            _topicIsMissing = true;
            Log.TopicMissing(Logger, endpoint.InputAddress, topic);
            state.Ready();
            return;
        }

        _errors.Report(error);
    }

    public void HeardFrom()
    {
        _topicIsMissing = false;
        if (_lost) Back();
    }

    /// <summary>Asks for the brokers, where they were lost. Does not wait for the answer.</summary>
    public void Look(IConsumer<byte[], byte[]> consumer)
    {
        if (!_lost || !_asking.IsCompleted || TimeProvider.System.GetElapsedTime(_askedAt) < _interval) return;
        _askedAt = TimeProvider.System.GetTimestamp();
        _asking = Task.Run(() => Ask(consumer));
    }

    public void Dispose()
    {
        _isClosed = true;
        _asking.Wait(_interval * 2);
    }

    private void Ask(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            admin.GetMetadata(topic, _interval);
            if (!_isClosed) Back();
        }
        catch (KafkaException)
        {
            // Still away: asked again in a second.
        }
    }

    private void Back()
    {
        _lost = false;
        Log.BrokersBack(Logger, endpoint.InputAddress);
        state.BrokersBack();
    }
}
