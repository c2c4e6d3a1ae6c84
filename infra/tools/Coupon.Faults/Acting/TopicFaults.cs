using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Acting;

/// <summary>A topic that refuses records: every one is too large for it, or it wants more replicas than there are.</summary>
internal sealed class TopicFaults(FaultyService service) : IFaultMaker
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.5);

    public bool Makes(FaultKind kind) => kind == FaultKind.RefuseTopic;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken) => SetAsync(fault, AlterConfigOpType.Set, cancellationToken);

    // A Kafka that another fault has taken away must hear of it when it is back.
    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await SetAsync(fault, AlterConfigOpType.Delete, cancellationToken);
                return;
            }
            catch (KafkaException)
            {
                await Task.Delay(_pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task SetAsync(Fault fault, AlterConfigOpType operation, CancellationToken cancellationToken)
    {
        var (name, value) = fault.Strength < 0.5 ? ("min.insync.replicas", "4") : ("max.message.bytes", "16");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = service.Servers.KafkaAddress })
            .SetLogHandler((_, _) => { })
            .Build();
        await admin
            .IncrementalAlterConfigsAsync(
                new Dictionary<ConfigResource, List<ConfigEntry>>
                {
                    [new ConfigResource { Type = ResourceType.Topic, Name = service.CouponIssuedTopic }] =
                    [
                        new ConfigEntry
                        {
                            Name = name,
                            Value = value,
                            IncrementalOperation = operation,
                        },
                    ],
                }
            )
            .WaitAsync(cancellationToken);
    }
}
