using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Consumers.DeadLetters;

internal static class DeadLetterServices
{
    /// <summary>Shows as a metric what waits for an operator: for the process.</summary>
    public static IServiceCollection AddOpenDeadLettersWatch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DeadLetterOptions>().Bind(configuration.GetSection("DeadLetters")).ValidateDataAnnotations().ValidateOnStart();
        return services.AddHostedService<OpenDeadLettersWatch>();
    }

    /// <summary>The ledger and everything that operators do with it: for the process and for the commands.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddDeadLetterPipeline()
            .AddSingleton(_ => new RawProducer(KafkaClient.Configuration(configuration, Names.KafkaClientId)))
            // Connects in the background and keeps trying: a Redis that is away must stop neither the consumer nor a list of dead letters.
            .AddSingleton<IConnectionMultiplexer>(_ =>
            {
                var redis = ConfigurationOptions.Parse(configuration.RequiredConnectionString("Redis"));
                redis.AbortOnConnectFail = false;
                return ConnectionMultiplexer.Connect(redis);
            })
            .AddSingleton<StockTerms>()
            .AddSingleton<SeatHolders>()
            .AddSingleton<DeadLetterPublisher>()
            .AddSingleton<DeadLetterLedger>()
            .AddSingleton<DeadLetterQueries>()
            .AddSingleton<DeadLetterReplay>()
            .AddSingleton<OrdinalVoiding>()
            .AddSingleton<SeatReturns>()
            .AddSingleton<DeadLetterDiscard>();
}
