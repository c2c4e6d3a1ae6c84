using Coupon.Faults.Schedules;
using Coupon.LocalServers;

namespace Coupon.Faults.Acting;

/// <summary>
/// Brokers that freeze or die: all, or one or two of three. What is killed of the mock cluster is gone, so its broker refuses connections instead.
/// </summary>
internal sealed class KafkaFaults(IReadOnlyList<IKafkaServer> brokers) : IFaultMaker
{
    public bool Makes(FaultKind kind) =>
        kind is FaultKind.FreezeKafka or FaultKind.KillKafka or FaultKind.FreezeBroker or FaultKind.KillBroker or FaultKind.KillTwoBrokers;

    public Task BeginAsync(Fault fault, CancellationToken cancellationToken) =>
        Task.WhenAll(Struck(fault).Select(broker => BeginAsync(fault, broker)));

    public Task EndAsync(Fault fault, CancellationToken cancellationToken) =>
        Task.WhenAll(Struck(fault).Select(broker => EndAsync(fault, broker, cancellationToken)));

    private static Task BeginAsync(Fault fault, IKafkaServer broker)
    {
        if (!IsFreeze(fault))
            return broker is LocalKafka real ? real.KillAsync() : ((MockKafka)broker).SetBrokerDownAsync();
        if (broker is LocalKafka frozen)
            frozen.Freeze();
        else
            ((MockKafka)broker).Freeze();
        return Task.CompletedTask;
    }

    private static Task EndAsync(Fault fault, IKafkaServer broker, CancellationToken cancellationToken)
    {
        if (!IsFreeze(fault))
            return broker is LocalKafka real ? real.StartAgainAsync(cancellationToken) : ((MockKafka)broker).SetBrokerUpAsync();
        if (broker is LocalKafka frozen)
            frozen.Thaw();
        else
            ((MockKafka)broker).Thaw();
        return Task.CompletedTask;
    }

    private static bool IsFreeze(Fault fault) => fault.Kind is FaultKind.FreezeKafka or FaultKind.FreezeBroker;

    private IEnumerable<IKafkaServer> Struck(Fault fault)
    {
        if (Names.NumberOf(fault.Target.Server!) is { } number)
            return [brokers[number - 1]];
        return fault.Kind == FaultKind.KillTwoBrokers ? brokers.Where((_, index) => index != (int)(fault.Strength * 1000) % brokers.Count) : brokers;
    }
}
