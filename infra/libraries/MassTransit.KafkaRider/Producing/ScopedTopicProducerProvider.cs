using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Gives the producers of a scope: they know its services and the message that is being consumed in it.</summary>
internal sealed class ScopedTopicProducerProvider(ITopicProducerProvider producers, IServiceProvider services) : ITopicProducerProvider
{
    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class
    {
        var consuming = services.GetService<IScopedConsumeContextProvider>() is { HasContext: true } scope ? scope.GetContext() : null;
        return new ScopedTopicProducer<TKey, TValue>(producers.GetProducer<TKey, TValue>(address), new ScopeSendPipe(services, consuming));
    }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producers.ConnectSendObserver(observer);
}
