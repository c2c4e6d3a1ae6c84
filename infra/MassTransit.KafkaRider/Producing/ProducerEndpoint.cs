namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// Stands for the rider's producers where MassTransit asks for the health of endpoints. It consumes nothing and starts nothing.
/// </summary>
internal sealed class ProducerEndpoint(Uri address) : IReceiveEndpoint
{
    public Uri InputAddress => address;

    public Task<ReceiveEndpointReady> Started => throw Nothing;

    private static NotSupportedException Nothing => new("Kafka's producers are no endpoint that consumes.");

    public ReceiveEndpointHandle Start(CancellationToken cancellationToken = default) => throw Nothing;

    public Task Stop(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<ISendEndpoint> GetSendEndpoint(Uri address1) => throw Nothing;

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => throw Nothing;

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw Nothing;

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => throw Nothing;

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe)
        where T : class => throw Nothing;

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
        where T : class => throw Nothing;

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe)
        where T : class => throw Nothing;

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => throw Nothing;

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) => throw Nothing;

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => throw Nothing;

    public ConnectHandle ConnectReceiveEndpointObserver(IReceiveEndpointObserver observer) => throw Nothing;

    public void Probe(ProbeContext context) => context.CreateScope("kafkaProducers");
}
