namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// Stands for the rider's producers where MassTransit asks for the health of endpoints. It consumes nothing and starts nothing.
/// </summary>
internal sealed class ProducerEndpoint(Uri address) : IReceiveEndpoint
{
    public Uri InputAddress => address;

    public Task<ReceiveEndpointReady> Started => throw _nothing;

    private static NotSupportedException _nothing => new("Kafka's producers are no endpoint that consumes.");

    public ReceiveEndpointHandle Start(CancellationToken cancellationToken = default) => throw _nothing;

    public Task Stop(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<ISendEndpoint> GetSendEndpoint(Uri address1) => throw _nothing;

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => throw _nothing;

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw _nothing;

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => throw _nothing;

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe)
        where T : class => throw _nothing;

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
        where T : class => throw _nothing;

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe)
        where T : class => throw _nothing;

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => throw _nothing;

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) => throw _nothing;

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => throw _nothing;

    public ConnectHandle ConnectReceiveEndpointObserver(IReceiveEndpointObserver observer) => throw _nothing;

    public void Probe(ProbeContext context) => context.CreateScope("kafkaProducers");
}
