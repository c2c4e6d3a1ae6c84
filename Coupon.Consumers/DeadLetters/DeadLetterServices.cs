using Coupon.Consumers.Records;
using Coupon.Hosting.Background;
using Coupon.Hosting.Clients;
using Coupon.Stock;

namespace Coupon.Consumers.DeadLetters;

internal static class DeadLetterServices
{
    /// <summary>The ledger and the operations on it: for the process and for the commands. Register MySQL and Redis too.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddDeadLetterPipeline()
            .AddSingleton(_ => new RawProducer(KafkaClient.Configuration(configuration, KafkaSettings.ClientId)))
            .AddSingleton<StockTerms>()
            .AddSingleton<SeatHolders>()
            .AddSingleton<DeadLetterPublisher>()
            .AddSingleton<DeadLetterLedger>()
            .AddSingleton<DeadLetterQueries>()
            .AddSingleton<DeadLetterReplay>()
            .AddSingleton<OrdinalVoiding>()
            .AddSingleton<SeatReturns>()
            .AddSingleton<DeadLetterDiscard>();

    /// <summary>What runs in the background of the process: operations of the console, and returns of seats that were interrupted.</summary>
    public static IServiceCollection AddDeadLetterBackground(this IServiceCollection services) =>
        services
            .AddSingleton<DeadLetterOperations>()
            .AddHostedSingleton<DeadLetterOperationRunner>()
            .AddHostedSingleton<DeadLetterOperationPulse>()
            .AddHostedService<DeadLetterOperationRetention>()
            .AddHostedService<SeatReturnsSweep>();
}
