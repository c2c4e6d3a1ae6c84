using MassTransit;

namespace Coupon.Consumers.Issuing;

/// <summary>The size and number of the batches.</summary>
internal sealed class CouponIssuedBatchConsumerDefinition(BatchSettings settings) : ConsumerDefinition<CouponIssuedBatchConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<CouponIssuedBatchConsumer> consumerConfigurator,
        IRegistrationContext context
    ) =>
        consumerConfigurator.Options<BatchOptions>(options =>
            options.SetMessageLimit(settings.MessageLimit).SetTimeLimit(settings.TimeLimit).SetConcurrencyLimit(settings.Concurrency)
        );
}
