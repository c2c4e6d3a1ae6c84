using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Registration;

/// <summary>
/// MassTransit calls a bus unhealthy when all its endpoints are, and counts the bus's own. One in memory cannot fail, so a bus that exists for its
/// rider alone would never be worse than degraded: here its own endpoint follows the rider's. A bus on a real transport is left as it is.
/// </summary>
internal sealed class BusEndpointHealth : IReceiveEndpointObserver
{
    private const string InMemory = "loopback";

    private volatile ReceiveEndpoint? _busEndpoint;

    public static BusEndpointHealth Of(IBusInstance bus)
    {
        var health = new BusEndpointHealth();
        if (bus.HostConfiguration.HostAddress.Scheme == InMemory)
            bus.Bus.ConnectReceiveEndpointObserver(health);
        return health;
    }

    /// <summary>Called when an endpoint of the rider has changed.</summary>
    public void Follow(IReadOnlyCollection<EndpointHealthResult> endpoints)
    {
        if (_busEndpoint is not { } bus || endpoints.Count == 0)
            return;
        var worst = endpoints.FirstOrDefault(endpoint => endpoint.Status == BusHealthStatus.Unhealthy);
        var allAreDown = worst.ReceiveEndpoint is not null && endpoints.All(endpoint => endpoint.Status == BusHealthStatus.Unhealthy);
        bus.HealthResult = allAreDown
            ? EndpointHealthResult.Unhealthy(bus, $"as the rider: {worst.Description}", worst.Exception)
            : EndpointHealthResult.Healthy(bus, "ready");
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (ready.ReceiveEndpoint is ReceiveEndpoint { IsBusEndpoint: true } endpoint)
            _busEndpoint = endpoint;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
