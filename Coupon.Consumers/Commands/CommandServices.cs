using Confluent.Kafka;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Coupons;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Hosting.Http;
using Coupon.Stock;
using Coupon.Stock.Registration;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Consumers.Commands;

/// <summary>Runs the body of a command with its services, and turns an exception into a message and an exit code.</summary>
internal static class CommandServices
{
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> body)
    {
        try
        {
            var builder = CommandHost.CreateBuilder();
            // The command reports failures itself, once, and standard output is for data alone.
            builder.Logging.ClearProviders();
            builder
                .Services.AddSingleton(TimeProvider.System)
                .AddKafkaNames()
                .AddCouponDatabase(builder.Configuration.GetRequiredConnectionString("MySql"))
                .AddSingleton(_ => RedisClient.Connect(builder.Configuration))
                .AddActionRecords()
                .AddConsumption()
                .AddDeadLetters(builder.Configuration)
                .AddSingleton<CouponQueries>()
                .AddCouponStock(builder.Configuration);
            using var host = builder.Build();
            return await body(host.Services);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(PlainText.Neutralize(exception.Message));
            return ExitCodes.Usage;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            // MySqlConnector's "Connect Timeout expired." alone does not name the server.
            var reason = Unavailable.Of(exception) is { } away ? $"{away.Title}: {away.Reason}" : exception.GetBaseException().Message;
            await Console.Error.WriteLineAsync($"Failed: {PlainText.Neutralize(reason, keepLines: true)}");
            return ExitCodes.Failed;
        }
    }

    private static bool IsExpected(Exception exception) =>
        RedisFailure.Is(exception)
        || exception is UnsuitableServerException or ActionNotRecordedException
        || exception.GetBaseException()
            is MySqlException
                or System.Net.Sockets.SocketException
                or KafkaException
                or RedisException
                or InvalidOperationException
                or TimeoutException;
}
