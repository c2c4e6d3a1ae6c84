using System.Runtime;
using Microsoft.Extensions.Hosting;

namespace Coupon.Hosting.WarmingUp;

/// <summary>
/// Plays the path of a program before it is ready, so that the first requests of a sale do not pay for compiling it. A warm-up that fails makes them
/// slower, and is no reason not to serve them: the program becomes ready all the same. Registered by <see cref="WarmUpServices.AddWarmUp{T}"/>.
/// </summary>
public abstract class WarmUpService : BackgroundService
{
    /// <summary>Whether the warm-up is over: the path was played, could not be, or is not wanted.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the path could not be played, which the log explains.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether there is a warm-up at all; false: the program is ready without one.</summary>
    protected abstract bool IsWanted { get; }

    /// <summary>Plays the path, and takes no longer than the service's own bound.</summary>
    /// <param name="stoppingToken">Cancelled when the program stops.</param>
    protected abstract Task PlayAsync(CancellationToken stoppingToken);

    /// <summary>Called when <see cref="PlayAsync"/> has thrown, unless the program stops: logs it.</summary>
    protected abstract void Failed(Exception exception);

    /// <summary>
    /// Plays rounds until one compiles hardly anything any more.
    /// </summary>
    /// <param name="round">One round.</param>
    /// <param name="maxCompiled">The most methods that the last round may have had compiled.</param>
    /// <returns>How many rounds were played.</returns>
    protected static async Task<int> PlayUntilCompiledAsync(Func<Task> round, int maxCompiled)
    {
        ArgumentNullException.ThrowIfNull(round);
        for (var rounds = 1; ; rounds++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await round();
            if (JitInfo.GetCompiledMethodCount() - compiled <= maxCompiled)
                return rounds;
        }
    }

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (IsWanted)
        {
            try
            {
                await PlayAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                HasFailed = true;
                Failed(exception);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            CollectGarbage();
        }

        IsOver = true;
    }

    // The garbage of the start and of the warm-up, before the first sale. Aggressive also returns the freed memory to the kernel:
    // https://learn.microsoft.com/dotnet/api/system.gccollectionmode
    private static void CollectGarbage() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
