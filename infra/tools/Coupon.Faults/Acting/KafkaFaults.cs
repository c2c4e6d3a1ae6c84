using Coupon.Faults.Schedules;
using Coupon.LocalServers;

namespace Coupon.Faults.Acting;

/// <summary>A Kafka that freezes or dies. What is killed of the mock cluster is gone, so its broker refuses connections instead.</summary>
internal sealed class KafkaFaults(IKafkaServer kafka) : IFaultMaker
{
    public bool Makes(FaultKind kind) => kind is FaultKind.FreezeKafka or FaultKind.KillKafka;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.KillKafka)
            return kafka is LocalKafka real ? real.KillAsync() : ((MockKafka)kafka).SetBrokerDownAsync();
        if (kafka is LocalKafka frozen)
            frozen.Freeze();
        else
            ((MockKafka)kafka).Freeze();
        return Task.CompletedTask;
    }

    public Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.KillKafka)
            return kafka is LocalKafka real ? real.StartAgainAsync(cancellationToken) : ((MockKafka)kafka).SetBrokerUpAsync();
        if (kafka is LocalKafka frozen)
            frozen.Thaw();
        else
            ((MockKafka)kafka).Thaw();
        return Task.CompletedTask;
    }
}
