using Coupon.Api.Http;

namespace Coupon.Api.Messaging;

internal static class MessagingServices
{
    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidated<ProducerOptions>("Producer");
        builder.Services.AddValidated<TopicNames>("Topics");
        builder.Services.AddSingleton<IssuanceProducer>();
    }
}
