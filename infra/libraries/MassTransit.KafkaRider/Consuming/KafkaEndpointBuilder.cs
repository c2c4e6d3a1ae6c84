using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Connects consumers to the endpoint's pipe; all but the collectors of batch consumers, which the poll loop serves itself.</summary>
internal sealed class KafkaEndpointBuilder<TValue>(IReceiveEndpointConfiguration configuration, BatchConsumers<TValue> batches)
    : ReceiveEndpointBuilder(configuration)
    where TValue : class
{
    /// <summary>Whether anything but batch consumers is connected.</summary>
    public bool HasMessageConsumers { get; private set; }

    public override ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
    {
        if (batches.IsConnectingCollector && typeof(T) == typeof(TValue))
        {
            batches.IsConnectingCollector = false;
            return new Unconnected();
        }

        HasMessageConsumers = true;
        return base.ConnectConsumePipe(pipe, options);
    }

    private sealed class Unconnected : ConnectHandle
    {
        public void Dispose() { }

        public void Disconnect() { }
    }
}
