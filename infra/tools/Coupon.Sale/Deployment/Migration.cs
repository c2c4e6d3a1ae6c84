using Coupon.LocalServers;

namespace Coupon.Sale.Deployment;

/// <summary>Creates the schema and the topics: the step between starting the servers and starting the service.</summary>
internal static class Migration
{
    private const int PartitionsOfMock = 12;

    public static async Task RunAsync(
        ServiceServers servers,
        IReadOnlyDictionary<string, string> settings,
        string logFolder,
        CancellationToken cancellationToken
    )
    {
        // The migration creates topics over the admin protocol, which the mock cluster does not support.
        if (servers.Kafka.IsLossy)
        {
            await servers.Kafka.CreateTopicAsync(Contracts.Topics.CouponIssued, PartitionsOfMock, cancellationToken);
            await servers.Kafka.CreateTopicAsync(Contracts.Topics.DeadLetters, PartitionsOfMock, cancellationToken);
        }

        var command = new ChildCommand("dotnet", ServiceFiles.Find("Coupon.Consumers"), "migrate")
        {
            Environment = settings.With(LoadSettings.NoInlineCompletions),
        };
        using var process = await ChildProcess.StartAsync(command, Path.Combine(logFolder, "migrate.log"));
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The migration ended with code {process.ExitCode}:\n{process.LastOutput()}");
    }
}
