using Coupon.LocalStack;

namespace Coupon.Sale.Deployment;

/// <summary>The step between the servers and the service: schema and topics.</summary>
internal static class Migration
{
    private const int PartitionsOfMock = 12;

    public static async Task RunAsync(LocalServers servers, IReadOnlyDictionary<string, string> settings, string logFolder, CancellationToken cancellationToken)
    {
        // The mock cluster does not answer the admin protocol by which the migration would create them.
        if (servers.Kafka.IsLossy)
        {
            await servers.Kafka.CreateTopicAsync(Contracts.Topics.CouponIssued, PartitionsOfMock, cancellationToken);
            await servers.Kafka.CreateTopicAsync(Contracts.Topics.DeadLetters, PartitionsOfMock, cancellationToken);
        }

        var command = new ChildCommand("dotnet", ServiceFiles.Find("Coupon.Consumers"), "migrate") { Environment = settings };
        using var process = await ChildProcess.StartAsync(command, Path.Combine(logFolder, "migrate.log"));
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0) throw new InvalidOperationException($"The migration ended with code {process.ExitCode}:\n{process.LastOutput()}");
    }
}
