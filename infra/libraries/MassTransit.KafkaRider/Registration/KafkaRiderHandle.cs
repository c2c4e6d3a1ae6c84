using MassTransit.KafkaIntegration.Producing;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Registration;

/// <summary>A rider that was started.</summary>
internal sealed class KafkaRiderHandle(
    HostReceiveEndpointHandle[] started,
    ReceiveEndpointCollection endpoints,
    TopicProducers producers,
    ConnectHandle observing
) : RiderHandle
{
    public Task Ready { get; } = Task.WhenAll(started.Select(endpoint => endpoint.Ready));

    /// <summary>Endpoints first: their consumers may still produce. Whatever becomes of them, what was produced is delivered.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        observing.Disconnect();
        try
        {
            await endpoints.StopEndpoints(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await producers.Clients.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
