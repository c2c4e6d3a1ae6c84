using MassTransit;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Small batches after a short wait: dead letters are few, and each costs several statements.</summary>
internal sealed class DeadLetterLedgerConsumerDefinition : ConsumerDefinition<DeadLetterLedgerConsumer>
{
    private const int MessageLimit = 200;
    private static readonly TimeSpan _timeLimit = TimeSpan.FromMilliseconds(100);

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<DeadLetterLedgerConsumer> consumerConfigurator,
        IRegistrationContext context
    ) => consumerConfigurator.Options<BatchOptions>(options => options.SetMessageLimit(MessageLimit).SetTimeLimit(_timeLimit).SetConcurrencyLimit(1));
}
