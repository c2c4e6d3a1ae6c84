using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Delivers again and again, with pauses, until it succeeds or nobody wants it any more.</summary>
internal sealed class Redelivery(RedeliveryPauses pauses, ReceiveEndpointContext endpoint)
{
    /// <summary>Tries until it succeeds.</summary>
    /// <param name="attempt">One attempt; gets how often it was tried before.</param>
    /// <param name="describe">What is delivered, for the log.</param>
    /// <param name="failed">Told after each attempt that failed and before the pause.</param>
    /// <param name="interrupted">Ends the pauses: whoever cancels it wants no further attempt.</param>
    /// <returns>Whether it succeeded.</returns>
    /// <exception cref="EndpointHaltedException">It cannot succeed.</exception>
    public async Task<bool> Deliver(
        Func<int, Task> attempt,
        Func<(int Count, TopicPartitionOffset First)> describe,
        Action? failed,
        CancellationToken interrupted
    )
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await attempt(failures).ConfigureAwait(false);
                return true;
            }
            catch (EndpointHaltedException)
            {
                throw;
            }
#pragma warning disable CA1031 // Whatever a consumer throws, its messages are delivered again.
            catch (Exception) when (interrupted.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed?.Invoke();
                var pause = pauses.After(failures + 1);
                var (count, first) = describe();
                Log.DeliveryFailed(endpoint.LogContext.Logger, exception, endpoint.InputAddress, count, first, failures + 1, pause);
                await Task.Delay(pause, TimeProvider.System, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (interrupted.IsCancellationRequested)
                    return false;
            }
        }
    }
}
