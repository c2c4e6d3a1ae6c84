using System.CommandLine;
using Coupon.Arguments;
using Coupon.Consumers.Migrations;
using Coupon.Hosting.Audit;

namespace Coupon.Consumers.Commands;

/// <summary><c>migrate</c>: run once before the processes of a new version start, never by them.</summary>
internal static class MigrateCommand
{
    // The row is the last thing that the command writes, and the servers may be away.
    private static readonly TimeSpan _patienceWithTheAudit = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var by = CommonOptions.By();
        var wait = new ValueOption<int?>("--wait", Values.Optional(Values.Whole(0, 3600)))
        {
            Description = "Seconds to wait for servers that are still starting (default 60).",
        };
        var command = new Command("migrate", "Applies the database migrations and creates the missing topics.") { wait, by };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(wait), parsed.GetValue(by)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int? waitSeconds, string actor, CancellationToken cancellationToken)
    {
        try
        {
            var builder = CommandHost.CreateBuilder();
            // The command reports failures itself, once.
            builder.Logging.SetMinimumLevel(LogLevel.Critical);
            builder.Services.AddMigrations(builder.Configuration, waitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            using var host = builder.Build();
            var code = ExitCodes.Failed;
            try
            {
                await host.Services.GetRequiredService<Migrator>().RunAsync(Console.Out, cancellationToken);
                return code = ExitCodes.Done;
            }
            finally
            {
                await RecordAsync(host.Services, actor, code);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"migrate: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    // At the end, unlike the other commands: the first run creates the table.
    private static async Task RecordAsync(IServiceProvider services, string actor, int code)
    {
        var records = services.GetRequiredService<ActionRecords>();
        var action = RecordedCommand.Of("migrate", actor);
        using var bound = new CancellationTokenSource(_patienceWithTheAudit, services.GetRequiredService<TimeProvider>());
        try
        {
            await records.BeginAsync(action, bound.Token);
            await records.EndAsync(action, RecordedCommand.ResultOf(code));
        }
        catch (Exception exception) when (exception is ActionNotRecordedException or OperationCanceledException)
        {
            // A command that failed has a reason of its own, and often the same.
            if (code == ExitCodes.Done)
                await Console.Error.WriteLineAsync($"migrate: it is done, but not in the audit: {exception.GetBaseException().Message}");
        }
    }
}
