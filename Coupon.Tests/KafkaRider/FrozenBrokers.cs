using Coupon.LocalServers;

namespace Coupon.Tests.KafkaRider;

/// <summary>One real broker or several, reached directly or each through a relay that keeps connections open.</summary>
public sealed class FrozenBrokers : IAsyncDisposable
{
    private readonly List<LocalKafka> _brokers = [];
    private readonly List<TcpRelay> _relays = [];

    /// <summary>What clients connect to.</summary>
    public GivenBroker Address => new(string.Join(',', Ports.Select(port => $"127.0.0.1:{port}")));

    public IReadOnlyList<LocalKafka> Brokers => _brokers;

    public IReadOnlyList<TcpRelay> Relays => _relays;

    private IEnumerable<int> Ports => _relays.Count > 0 ? _relays.Select(relay => relay.Port) : _brokers.Select(broker => broker.Port);

    public static async Task<FrozenBrokers> StartAsync(int brokers, bool relayed, CancellationToken cancellationToken)
    {
        var cluster = new FrozenBrokers();
        try
        {
            var id = LocalKafka.NewClusterId();
            int[] controllers = [.. Enumerable.Range(0, brokers).Select(_ => FreePort.Next())];
            if (relayed)
                cluster._relays.AddRange(Enumerable.Range(0, brokers).Select(_ => new TcpRelay()));
            var starting = Enumerable
                .Range(0, brokers)
                .Select(index =>
                    LocalKafka.StartAsync(
                        new LocalKafkaOptions
                        {
                            HeapMegabytes = 384,
                            AdvertisedPort = relayed ? cluster._relays[index].Port : null,
                            Node = new LocalKafkaNode(index + 1, id, controllers),
                        },
                        cancellationToken
                    )
                )
                .ToList();
            foreach (var broker in starting)
                cluster._brokers.Add(await broker);
            for (var index = 0; index < cluster._relays.Count; index++)
                cluster._relays[index].Target = cluster._brokers[index].Port;
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _brokers)
            await broker.DisposeAsync();
        foreach (var relay in _relays)
            await relay.DisposeAsync();
    }
}
