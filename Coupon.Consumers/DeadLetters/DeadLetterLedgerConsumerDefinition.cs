using MassTransit;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Dead letters are few, and when they are many each costs several statements: small batches, quickly.</summary>
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
