namespace Coupon.Consumers;

/// <summary>Topics, groups and addresses: what both the process and the commands read from the configuration.</summary>
internal static class Names
{
    /// <summary>How the logs of Kafka's brokers name this program.</summary>
    public const string KafkaClientId = "coupon-consumers";

    public static IServiceCollection AddNames(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TopicNames>().Bind(configuration.GetSection("Topics")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ConsumerGroupNames>().Bind(configuration.GetSection("ConsumerGroups")).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    /// <exception cref="InvalidOperationException">It is not configured; the message says how to.</exception>
    public static string RequiredConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } found
            ? found
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not configured (environment: ConnectionStrings__{name}).");
}
