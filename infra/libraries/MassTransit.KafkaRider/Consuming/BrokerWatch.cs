using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Tells an endpoint when every broker is gone, and when one is back. The client reports only the first, and behind what it has fetched: while there
/// is a backlog, that may be minutes later. So while there is one, and while the brokers are gone, they are asked.
/// </summary>
internal sealed class BrokerWatch(ReceiveEndpointContext endpoint, string topic, bool isPattern, IClientState state, Membership membership)
{
    private const int FailuresThatMatter = 2;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _backlogInterval = TimeSpan.FromSeconds(2);

    private readonly ClientErrors _errors = new(endpoint.LogContext.Logger, endpoint.InputAddress.ToString(), TimeProvider.System);
    private readonly Lock _deciding = new();
    private readonly HashSet<(string? Topic, int Partition)> _unreadable = [];
    private volatile bool _lost;
    private volatile bool _isClosed;
    private volatile int _failures;
    private bool _topicIsMissing;
    private long _reportedAt = TimeProvider.System.GetTimestamp();
    private long _askedAt;
    private Task _asking = Task.CompletedTask;

    /// <summary>No broker answers.</summary>
    public bool AreLost => _lost;

    /// <summary>No broker refuses what the client asks for.</summary>
    public bool MayRead
    {
        get
        {
            lock (_deciding)
                return _unreadable.Count == 0;
        }
    }

    private ILogger Logger => endpoint.LogContext.Logger;

    public void OnError(Error error)
    {
        _errors.Report(error);
        if (error.Code == ErrorCode.Local_AllBrokersDown)
            Lost(error);
    }

    /// <param name="error">What the client reports.</param>
    /// <param name="of">Of which topic; null where the client does not say, because there is only one.</param>
    /// <param name="partition">Of which partition; <see cref="Partition.Any"/> where it is of all.</param>
    public void OnConsumeError(Error error, string? of, Partition partition)
    {
        if (error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
        {
            if (_topicIsMissing)
                return;
            _topicIsMissing = true;
            Log.TopicMissing(Logger, endpoint.InputAddress, topic);
            membership.Excuse();
            state.Joined();
            return;
        }

        if (error.Code is ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.MsgSizeTooLarge)
            Unreadable(error, of, partition);
        else
            _errors.Report(error);
    }

    /// <summary>
    /// A message came, or the end: the topic is there, and its partition can be read. Of the brokers it says nothing, it may have been fetched long
    /// ago.
    /// </summary>
    public void HeardFrom(string? of, Partition partition)
    {
        TopicExists();
        if (_unreadable.Count > 0)
            Readable(of, partition);
    }

    /// <summary>Partitions were assigned anew: what cannot be read of them is reported again.</summary>
    public void Assigned()
    {
        TopicExists();
        lock (_deciding)
            _unreadable.Clear();
        state.Readable();
    }

    /// <summary>The client had nothing to hand out: whatever it had to report has been reported.</summary>
    public void CaughtUp() => _reportedAt = TimeProvider.System.GetTimestamp();

    /// <summary>Asks for the brokers, where they were lost or would not be known to be. Does not wait for the answer.</summary>
    public void Look(IConsumer<byte[], byte[]> consumer)
    {
        var now = TimeProvider.System.GetTimestamp();
        var isUnsure = _failures > 0 || TimeProvider.System.GetElapsedTime(_reportedAt, now) >= _backlogInterval;
        if (!_lost && !isUnsure)
            return;
        var interval = _lost || _failures > 0 ? _interval : _backlogInterval;
        if (!_asking.IsCompleted || TimeProvider.System.GetElapsedTime(_askedAt, now) < interval)
            return;
        _askedAt = now;
        _asking = Task.Run(() => Ask(consumer));
    }

    /// <summary>Ends when nobody asks the client any more.</summary>
    public Task Close()
    {
        _isClosed = true;
        return _asking;
    }

    private void TopicExists()
    {
        if (!_topicIsMissing)
            return;
        _topicIsMissing = false;
        membership.Expect();
    }

    private void Ask(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            if (isPattern)
                admin.GetMetadata(_interval);
            else
                admin.GetMetadata(topic, _interval);
            _failures = 0;
            Back();
        }
        catch (KafkaException exception)
        {
            // One answer may be late. Asked again in a second.
            if (++_failures >= FailuresThatMatter)
                Lost(exception.Error);
        }
    }

    private void Lost(Error error)
    {
        lock (_deciding)
        {
            if (_lost || _isClosed)
                return;
            _lost = true;
            Log.BrokersLost(Logger, endpoint.InputAddress);
            state.BrokersLost(error);
        }
    }

    private void Back()
    {
        lock (_deciding)
        {
            if (!_lost || _isClosed)
                return;
            _lost = false;
            Log.BrokersBack(Logger, endpoint.InputAddress);
            state.BrokersBack();
        }
    }

    /// <summary>Brokers answer, but not with messages, and will not before somebody has changed something.</summary>
    private void Unreadable(Error error, string? of, Partition partition)
    {
        lock (_deciding)
        {
            if (!_unreadable.Add((of, partition.Value)))
                return;
            Log.Unreadable(Logger, endpoint.InputAddress, error.Code, error.Reason);
            state.Unreadable(new KafkaConnectionException($"Messages cannot be read: {error.Reason}", new KafkaException(error)));
        }
    }

    private void Readable(string? of, Partition partition)
    {
        lock (_deciding)
        {
            // An error of all partitions names a topic, or none.
            var changed = _unreadable.RemoveWhere(unread => unread == (of, partition.Value) || unread.Partition == Partition.Any.Value) > 0;
            if (changed && _unreadable.Count == 0)
                state.Readable();
        }
    }
}
