using Coupon.Database;
using Coupon.Hosting.Stopping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Coupon.Hosting;

/// <summary>
/// Refuses a MySQL that cannot give what the service relies on: the program says so and ends with code 1. One that is away is asked again until it
/// answers; the start does not wait for it longer than a moment.
/// </summary>
internal sealed class MySqlStartCheck(
    MySqlDataSource database,
    ServiceExit exit,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<MySqlStartCheck> logger
) : BackgroundService
{
    private static readonly TimeSpan _patienceOfTheStart = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anything is read or written, where the server is there.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(_patienceOfTheStart);
        if (!await IsDecidedAsync(bounded.Token))
            await base.StartAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            do await Task.Delay(_pause, time, stoppingToken);
            while (!await IsDecidedAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task<bool> IsDecidedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ServerCheck.CheckAsync(database, cancellationToken);
            return true;
        }
        catch (UnsuitableServerException exception)
        {
            Log.Unsuitable(logger, exception.Message);
            exit.Code = ServiceExit.Failed;
            lifetime.StopApplication();
            return true;
        }
#pragma warning disable CA1031 // It is away or starting; its users log that.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
