using Microsoft.Extensions.Logging;

namespace Coupon.Memory;

/// <summary>
/// What only the start of a process needed: garbage, freed blocks of the C library, and pages of code that ran once. It would stay resident for as long as
/// the process lives, since nothing else asks for it.
/// </summary>
public sealed class StartMemory(MemoryOptions options, TimeProvider time, ILogger<StartMemory> logger)
{
    private const double Megabyte = 1e6;

    // Loading a file maps it, writes addresses into it, and is done within milliseconds.
    private static readonly TimeSpan Loading = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gives it back, in about a second. To be called once, when the start is over and before the work begins. Where the process may not read its own map, its
    /// images stay, and it says so: that is no reason not to work.
    /// </summary>
    /// <param name="cancellationToken">The process stops: nothing is given back.</param>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (!options.ReleaseAfterRehearsal || !OperatingSystem.IsLinux()) return;
        var before = Environment.WorkingSet;
        try
        {
            await ReleaseImagesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.ImagesKept(logger, exception.Message);
        }

        // In this order: reading the map makes garbage, and finalizers free blocks.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        NativeMemory.Trim();
        Log.StartReleased(logger, before / Megabyte, Environment.WorkingSet / Megabyte);
    }

    private async Task ReleaseImagesAsync(CancellationToken cancellationToken)
    {
        // Only what was there a second ago, and unwritten: what somebody loads at this moment may be written between the look at it and the letting go.
        var loaded = LoadedImages.Read();
        await Task.Delay(Loading, time, cancellationToken);
        foreach (var image in LoadedImages.Read().Intersect(loaded)) NativeMemory.Forget(image);
    }
}
