using Coupon.Hosting.WarmingUp;
using Coupon.Stock;

namespace Coupon.Api.WarmingUp;

/// <summary>
/// Plays small sales before the instance is ready, until the compiler has hardly anything left to do: a sale begins in one second, and code that is
/// compiled in that second costs several times as much as later. The sales run on an instance of their own (<see cref="WarmUpInstance"/>).
/// </summary>
internal sealed class WarmUp(
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    IStockFence fence,
    WarmUpOptions options,
    TimeProvider time,
    ILogger<WarmUp> logger
) : WarmUpService
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    protected override bool IsWanted => options.Requests > 0;

    protected override async Task PlayAsync(CancellationToken stoppingToken)
    {
        while (!fence.Leases.Any(lease => lease.Term.MayIssue) || !lifetime.ApplicationStarted.IsCancellationRequested)
            await Task.Delay(_pause, time, stoppingToken);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        bounded.CancelAfter(options.Bound);
        var began = time.GetTimestamp();
        try
        {
            await using var instance = await WarmUpInstance.StartAsync(services, bounded.Token);
            var round = new WarmUpRound(instance, options);
            var rounds = await PlayUntilCompiledAsync(() => round.PlayAsync(bounded.Token), options.MaxCompiledMethods);
            Log.WarmedUp(logger, rounds, options.Requests, time.GetElapsedTime(began).TotalSeconds);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            Log.WarmUpCutShort(logger, options.Bound.TotalSeconds);
        }
    }

    protected override void Failed(Exception exception) => Log.WarmUpFailed(logger, exception.Message);
}
