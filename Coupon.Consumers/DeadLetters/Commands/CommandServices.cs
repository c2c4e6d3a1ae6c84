using Confluent.Kafka;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Operators;
using Coupon.Database;
using Coupon.Stock;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>Runs the body of a command with the services that it needs, and turns what fails into words and an exit code.</summary>
internal static class CommandServices
{
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> body)
    {
        try
        {
            var builder = CommandHost.CreateBuilder();
            // What fails is said by the command, once, in words; standard output is for data alone, whatever level the settings ask for.
            builder.Logging.ClearProviders();
            builder
                .Services.AddSingleton(TimeProvider.System)
                .AddNames(builder.Configuration)
                .AddCouponDatabase(builder.Configuration.RequiredConnectionString("MySql"))
                .AddIssuing(builder.Configuration)
                .AddDeadLetters(builder.Configuration)
                .AddCouponStock(builder.Configuration);
            using var host = builder.Build();
            return await body(host.Services);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Usage;
        }
        catch (Exception exception) when (IsForeseen(exception))
        {
            // "Connect Timeout expired." alone does not say whose.
            var words = Unavailable.Of(exception) is { } away ? $"{away.Title}: {away.Reason}" : exception.GetBaseException().Message;
            await Console.Error.WriteLineAsync($"Failed: {words}");
            return ExitCodes.Failed;
        }
    }

    private static bool IsForeseen(Exception exception) =>
        RedisFailure.Is(exception)
        || exception is UnsuitableServerException
        || exception.GetBaseException()
            is MySqlException
                or System.Net.Sockets.SocketException
                or KafkaException
                or RedisException
                or InvalidOperationException
                or TimeoutException;
}
