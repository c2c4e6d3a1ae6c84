using System.Security.Cryptography;

namespace Coupon.LocalServers;

/// <summary>The server.properties of a private node.</summary>
internal static class KafkaProperties
{
    // Topics are never created by accident: a misspelt name must fail, not fill. A rebalance does not wait for members that will not come, and
    // tests may ask for session timeouts of a second. After kill −9 the controller does not let a broker back before its old session has ended.
    public static string Render(int port, string dataFolder, LocalKafkaOptions options, LocalKafkaNode node) =>
        $"""
            process.roles=broker,controller
            node.id={node.Id}
            controller.quorum.voters={string.Join(',', node.ControllerPorts.Select((controller, index) => $"{index + 1}@127.0.0.1:{controller}"))}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{node.ControllerPorts[node.Id - 1]}{More(options, listener =>
                $"{listener.Name}://127.0.0.1:{listener.Port}"
            )}
            advertised.listeners=PLAINTEXT://127.0.0.1:{options.AdvertisedPort ?? port}{More(options, listener =>
                $"{listener.Name}://localhost:{listener.AdvertisedPort ?? listener.Port}"
            )}
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=PLAINTEXT
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT{More(options, listener => $"{listener.Name}:{listener.Protocol}")}
            log.dirs={dataFolder}
            auto.create.topics.enable=false
            num.partitions=12
            default.replication.factor={node.ControllerPorts.Count}
            offsets.topic.replication.factor={node.ControllerPorts.Count}
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=4
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0
            group.min.session.timeout.ms=1000
            broker.session.timeout.ms=3000
            broker.heartbeat.interval.ms=500
            {string.Join('\n', options.Properties)}

            """;

    private static string More(LocalKafkaOptions options, Func<LocalKafkaListener, string> part) =>
        string.Concat(options.MoreListeners.Select(listener => $",{part(listener)}"));

    /// <summary>22 characters of URL-safe base64 that do not start with a dash, which is what kafka-storage takes for an id.</summary>
    public static string NewClusterId()
    {
        var id = RandomNumberGenerator.GetBytes(16);
        id[0] &= 0x7f;
        return Convert.ToBase64String(id).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
