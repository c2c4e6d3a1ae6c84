using Coupon.Consumers.Issuing;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.WarmingUp;

namespace Coupon.Consumers.WarmingUp;

/// <summary>
/// Consumes batches that write nothing until the compiler has hardly anything left to do: in the one second of a sale the cores belong to the API.
/// </summary>
internal sealed class WarmUp(
    [FromKeyedServices(WarmUp.Writing)] PoisonIsolation writing,
    WarmUpOptions options,
    TimeProvider time,
    ILogger<WarmUp> logger
) : WarmUpService
{
    /// <summary>The key of the warm-up's own instance of <see cref="PoisonIsolation"/>.</summary>
    public const string Writing = "warm-up";

    protected override bool IsWanted => options.Batches > 0;

    protected override async Task PlayAsync(CancellationToken stoppingToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        bounded.CancelAfter(options.Bound);
        var began = time.GetTimestamp();
        await using var bus = new WarmUpBus(writing, options);
        await bus.StartAsync(bounded.Token);
        var rounds = await PlayUntilCompiledAsync(
            () => bus.PlayAsync(options.Batches * options.Messages, time.GetUtcNow(), bounded.Token),
            options.MaxCompiledMethods
        );
        Log.WarmedUp(logger, rounds, options.Batches, time.GetElapsedTime(began).TotalSeconds);
    }

    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Log.WarmUpEndedEarly(logger, exception.Message);
    }
}
