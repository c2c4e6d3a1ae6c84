using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Nothing is locked on the broker: an offset says what is done.</summary>
internal sealed class NoReceiveLock : ReceiveLockContext
{
    public static readonly NoReceiveLock Instance = new();

    public Task Complete() => Task.CompletedTask;

    public Task Faulted(Exception exception) => Task.CompletedTask;

    public Task ValidateLockStatus() => Task.CompletedTask;
}
