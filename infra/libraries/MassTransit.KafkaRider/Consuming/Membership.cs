using System.Globalization;
using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Whether a client is a member of its group, by the assignments that it tells of, an empty one too, or by what the coordinator says where it tells
/// of none. A client that has lost its assignment is given up at once: librdkafka (2.16) was seen not to find the coordinator again, for ever, after
/// a broker had been frozen. So is one that is no member for longer than its session time-out and a margin, while the coordinator answers another
/// client. Called by the polling thread only.
/// </summary>
internal sealed class Membership(ReceiveEndpointContext endpoint, ConsumerSettings settings, IClientState state)
{
    private const int DefaultSessionMilliseconds = 45_000;

    /// <summary>A group that is divided anew has no assignments for a moment; longer than this is said.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _betweenAssignments = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A group that is divided anew waits for its slowest member, and one of this rider's may take 15 s to give its partitions back
    /// (<see cref="PollLoop{TValue}"/>).
    /// </summary>
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _probeInterval = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _session = TimeSpan.FromMilliseconds(settings.Client.SessionTimeoutMs ?? DefaultSessionMilliseconds);

    /// <summary>Null where the client tells of every assignment.</summary>
    private MemberQuery? _query;
    private Loss? _loss;
    private long _joinedAt;
    private bool _wasMember;
    private bool _isExcused;
    private bool _isLost;
    private bool _isMemberWithoutShare;
    private Task<bool> _probing = Task.FromResult(false);
    private long _probedAt;
    private long? _answersSince;

    /// <summary>Whether the client has an assignment.</summary>
    public bool IsJoined => _loss is null;

    /// <summary>The client subscribes.</summary>
    public void Begin(IConsumer<byte[], byte[]> consumer)
    {
        if (settings.Client.GroupProtocol == GroupProtocol.Consumer)
            _query = new MemberQuery(consumer, settings.Client.GroupId, endpoint.LogContext.Logger);
        Lose("has had no assignment yet, since");
    }

    public void Assigned()
    {
        if (!IsJoined)
            _joinedAt = TimeProvider.System.GetTimestamp();
        _loss = null;
        state.Joined();
    }

    /// <summary>Partitions were given back, in order.</summary>
    public void Revoked(bool anyLeft)
    {
        if (!anyLeft && IsJoined)
            Lose("has had no assignment since its group began to be divided anew,");
    }

    public void Lost()
    {
        Lose("has lost its assignment,");
        _isLost = true;
        if (_loss is { } loss)
            Report(loss);
    }

    /// <summary>The topic does not exist: a client does not join the group before it does.</summary>
    public void Excuse() => _isExcused = true;

    /// <summary>The topic exists.</summary>
    public void Expect() => _isExcused = false;

    /// <exception cref="ClientGivenUpException">It has lost its assignment, or is no member for too long.</exception>
    public void Look(bool mayRead)
    {
        if (_loss is not { } loss)
            return;
        if (_isLost)
            throw new ClientGivenUpException(loss.Text, _wasMember);
        if (_isExcused)
            return;
        var elapsed = loss.Elapsed;
        if (elapsed >= _betweenAssignments && IsMemberWithoutShare())
            return;
        if (!loss.IsReported && elapsed > _patience)
            Report(loss);
        if (elapsed < _betweenAssignments || !mayRead)
            return;
        Probe();

        // A broker that was frozen lets nobody in before the member that it remembers has timed out. A client that was let wait, and is given up,
        // would be waited for in turn.
        if (_answersSince is not { } since || TimeProvider.System.GetElapsedTime(since) < _session + _margin)
            return;
        throw new ClientGivenUpException($"{loss.Text}, and a broker answers", _wasMember);
    }

    /// <summary>Ends when nobody asks any more.</summary>
    public Task Close() => Task.WhenAll(_probing, _query?.Close() ?? Task.CompletedTask);

    /// <summary>As the coordinator says; it is asked as long as there is no share, because nothing else would tell that the client is out.</summary>
    private bool IsMemberWithoutShare()
    {
        var isMember = _query?.IsMember() == true;
        if (isMember == _isMemberWithoutShare)
            return isMember;
        _isMemberWithoutShare = isMember;
        if (isMember)
            state.Joined();
        else
            Lose("is not a member of its group,");
        return isMember;
    }

    private void Lose(string how)
    {
        // Half of the time-out: a broker that stops answering right after the client has joined lets it be a member for less than the whole.
        if (_joinedAt != 0 && IsJoined)
            _wasMember = TimeProvider.System.GetElapsedTime(_joinedAt) >= _session / 2;
        _loss = new Loss(string.Create(CultureInfo.InvariantCulture, $"The consumer {how} {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z"));
        _answersSince = null;
        _probedAt = 0;
        _isMemberWithoutShare = false;
        _query?.Forget();
    }

    private void Report(Loss loss)
    {
        loss.IsReported = true;
        state.NotJoined(loss.Text);
    }

    private void Probe()
    {
        if (!_probing.IsCompleted)
            return;
        var now = TimeProvider.System.GetTimestamp();
        if (_probedAt != 0)
        {
            if (!_probing.Result)
                _answersSince = null;
            else
                _answersSince ??= _probedAt;
        }

        if (_probedAt != 0 && TimeProvider.System.GetElapsedTime(_probedAt, now) < _probeInterval)
            return;
        _probedAt = now;
        _probing = Task.Run(() =>
            ClusterProbe.LetsIn(settings.Client.GroupId, settings.Topic, settings.Client, settings.TokenRefreshHandler, endpoint.LogContext.Logger)
        );
    }

    private sealed class Loss(string text)
    {
        private readonly long _at = TimeProvider.System.GetTimestamp();

        public string Text => text;

        public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_at);

        public bool IsReported { get; set; }
    }
}
