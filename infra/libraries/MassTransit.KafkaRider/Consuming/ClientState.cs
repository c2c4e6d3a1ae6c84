using Confluent.Kafka;
using Trouble = MassTransit.KafkaIntegration.Consuming.EndpointHealth.Trouble;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What one client of an endpoint, and those that take its place, add to the health of the endpoint.</summary>
internal sealed class ClientState(EndpointHealth health, int client, string topic, string group) : IClientState
{
    private readonly Lock _lock = new();
    private long? _notJoinedSince = TimeProvider.System.GetTimestamp();

    public string Topic => topic;

    public string Group => group;

    /// <summary>How long there has been no assignment, over all clients; zero while there is one.</summary>
    public TimeSpan NotJoinedFor
    {
        get
        {
            lock (_lock)
                return _notJoinedSince is { } since ? TimeProvider.System.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    public void Joined()
    {
        lock (_lock)
            _notJoinedSince = null;
        health.Clear(client, Trouble.Client, Trouble.Membership);
        health.Ready();
    }

    public void NotJoined(string text)
    {
        BeginWaiting();
        health.Set(client, Trouble.Membership, Passing(text));
    }

    public void BrokersLost(Error error) =>
        health.Set(client, Trouble.Brokers, new KafkaConnectionException("No broker answers.", new KafkaException(error)));

    public void BrokersBack() => health.Clear(client, Trouble.Brokers);

    public void Unreadable(Exception exception) => health.Set(client, Trouble.Reading, exception);

    public void Readable() => health.Clear(client, Trouble.Reading);

    public void StandsStill(string text) => health.Set(client, Trouble.Progress, new KafkaNoProgressException(text));

    public void GetsOn() => health.Clear(client, Trouble.Progress);

    /// <summary>The client has ended, and what was wrong with it is over; another one is opened.</summary>
    public void Failed(Exception exception)
    {
        BeginWaiting();
        health.Set(client, Trouble.Client, exception);
        health.Clear(client, Trouble.Brokers, Trouble.Membership, Trouble.Reading, Trouble.Progress);
    }

    private void BeginWaiting()
    {
        lock (_lock)
            _notJoinedSince ??= TimeProvider.System.GetTimestamp();
    }

    // One without a cause counts as permanent, and MassTransit would give up the start of the bus.
    private static KafkaConnectionException Passing(string text) => new(text, new TimeoutException(text));
}
