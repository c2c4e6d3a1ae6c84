using System.CommandLine;

namespace Coupon.Consumers.Migrations;

/// <summary><c>migrate</c>: a step of its own, run once before the processes of a new version start, never by them.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var wait = new Option<int?>("--wait") { Description = "Seconds to wait for servers that are still starting (default 60)." };
        var command = new Command("migrate", "Applies the migrations of the database and creates the topics that are missing.") { wait };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(wait), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int? waitSeconds, CancellationToken cancellationToken)
    {
        try
        {
            var builder = CommandHost.CreateBuilder();
            // What fails is said by this command, once, in words.
            builder.Logging.SetMinimumLevel(LogLevel.Critical);
            builder.AddMigrations(waitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            using var host = builder.Build();
            await host.Services.GetRequiredService<Migrator>().RunAsync(Console.Out, cancellationToken);
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"migrate: {exception.Message}");
            return ExitCodes.Failed;
        }
    }
}
