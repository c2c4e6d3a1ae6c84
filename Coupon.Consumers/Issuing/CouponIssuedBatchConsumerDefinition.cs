using MassTransit;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Issuing;

/// <summary>The policy of the endpoint: how batches are formed.</summary>
internal sealed class CouponIssuedBatchConsumerDefinition(IOptions<BatchSettings> settings) : ConsumerDefinition<CouponIssuedBatchConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<CouponIssuedBatchConsumer> consumerConfigurator,
        IRegistrationContext context
    ) =>
        consumerConfigurator.Options<BatchOptions>(options =>
            options
                .SetMessageLimit(settings.Value.MessageLimit)
                .SetTimeLimit(settings.Value.TimeLimit)
                .SetConcurrencyLimit(settings.Value.Concurrency)
        );
}
