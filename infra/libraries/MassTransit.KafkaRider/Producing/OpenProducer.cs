using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>A Kafka client from its opening to its end.</summary>
internal sealed class OpenProducer(IProducer<byte[], byte[]> producer, DeliveryWatch deliveries)
{
    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _leastFlushTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _flushStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestCall = TimeSpan.FromSeconds(3);

    // Collected as garbage, their call-backs would be gone while librdkafka's threads call them.
    private static readonly ConcurrentBag<IClient> _leftOpen = [];

    public IProducer<byte[], byte[]> Producer => producer;

    /// <summary>Has to be entered for each call into <see cref="Producer"/>, other than by <see cref="Asking"/>.</summary>
    public ClientUse Use { get; } = new();

    public DeliveryWatch Deliveries => deliveries;

    /// <summary>Ends the wait of whoever still waits when the producer closes without having delivered.</summary>
    public CancellationTokenSource Closed { get; } = new();

    /// <summary>The question whether brokers answer, while it is under way. Guarded by its owner's lock.</summary>
    public Task Asking { get; set; } = Task.CompletedTask;

    /// <summary>Delivers what is queued, within a bound, and ends.</summary>
    public void Close(ILogger logger, CancellationToken cancellationToken)
    {
        deliveries.Close();
        var isUnused = Use.End(_longestCall);
        try
        {
            var left = Flush(cancellationToken);
            if (left > 0)
                Log.Unflushed(logger, left);
        }
        finally
        {
            Closed.Cancel();

            // A client must not be closed while somebody is inside it. Where that takes longer than it may, it stays open: there are worse things
            // when a process ends.
            if (Asking.Wait(_longestCall, CancellationToken.None) && isUnused)
            {
                producer.Dispose();
                Closed.Dispose();
            }
            else
                _leftOpen.Add(producer);
        }
    }

    /// <summary>Whoever has no time left gives this much all the same: with a broker that is well, what lingers is delivered in it.</summary>
    /// <returns>How many messages are left.</returns>
    private int Flush(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        int left;
        do
        {
            left = producer.Flush(_flushStep);
        } while (
            left > 0 && TimeProvider.System.GetElapsedTime(started) < (cancellationToken.IsCancellationRequested ? _leastFlushTimeout : _flushTimeout)
        );

        return left;
    }
}
