using System.Runtime;
using Coupon.Consumers.Issuing;

namespace Coupon.Consumers.Rehearsing;

/// <summary>
/// Consumes batches whose rows are rolled back, until the compiler has hardly anything left to do, before the process says that it is ready: in the
/// one
/// second of a sale the cores are the API's.
/// </summary>
internal sealed class Rehearsal(PoisonIsolation writing, RehearsalOptions options, TimeProvider time, ILogger<Rehearsal> log) : BackgroundService
{
    /// <summary>It was played, or could not be.</summary>
    public bool IsOver { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        bounded.CancelAfter(options.Bound);
        try
        {
            if (options.Batches > 0)
                await PlayUntilWarmAsync(bounded.Token);
        }
#pragma warning disable CA1031 // A rehearsal that fails makes the first batches slower, and is no reason not to consume.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (stoppingToken.IsCancellationRequested)
                return;
            log.RehearsalEndedEarly(exception.Message);
        }

        if (options.Batches > 0)
            CollectGarbage();
        IsOver = true;
    }

    // The garbage of the start and of the rehearsal, before the first sale. Aggressive also returns the freed memory to the kernel:
    // https://learn.microsoft.com/dotnet/api/system.gccollectionmode
    private static void CollectGarbage() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private async Task PlayUntilWarmAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await using var bus = new RehearsalBus(writing, options);
        await bus.StartAsync(cancellationToken);
        for (var rounds = 1; ; rounds++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await bus.PlayAsync(options.Batches * options.Messages, time.GetUtcNow(), cancellationToken);
            if (JitInfo.GetCompiledMethodCount() - compiled > options.SettledMethods)
                continue;
            log.Rehearsed(rounds, options.Batches, time.GetElapsedTime(began).TotalSeconds);
            return;
        }
    }
}
