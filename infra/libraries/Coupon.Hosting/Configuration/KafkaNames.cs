using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Configuration;

/// <summary>The one reading of the names of topics and consumer groups.</summary>
public static class KafkaNames
{
    private const string TopicsSection = "Topics";
    private const string ConsumerGroupsSection = "ConsumerGroups";

    /// <summary>Registers <see cref="TopicNames"/> and <see cref="ConsumerGroupNames"/>, validated at start.</summary>
    public static IServiceCollection AddKafkaNames(this IServiceCollection services)
    {
        services.AddValidated<TopicNames>(TopicsSection);
        services.AddValidated<ConsumerGroupNames>(ConsumerGroupsSection);
        return services;
    }

    /// <summary>The topics' names, for a registration that needs them before there is a container.</summary>
    public static TopicNames GetTopicNames(this IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.GetSection(TopicsSection).Get<TopicNames>() ?? new TopicNames();
    }
}
