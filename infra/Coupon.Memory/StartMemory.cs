using Microsoft.Extensions.Logging;

namespace Coupon.Memory;

/// <summary>
/// What only the start of a process needed: garbage, freed blocks of the C library, and pages of code that ran once. It would stay resident for as long as
/// the process lives, since nothing else asks for it.
/// </summary>
public sealed class StartMemory(MemoryOptions options, ILogger<StartMemory> logger)
{
    private const double Megabyte = 1e6;

    /// <summary>Gives it back, in some tens of milliseconds. To be called once, when the start is over and before the work begins.</summary>
    public void Release()
    {
        if (!options.ReleaseAfterRehearsal || !OperatingSystem.IsLinux()) return;
        var before = Environment.WorkingSet;

        // In this order: reading the map makes garbage, and finalizers free blocks.
        foreach (var image in LoadedImages.Read()) NativeMemory.Forget(image);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        NativeMemory.Trim();
        Log.StartReleased(logger, before / Megabyte, Environment.WorkingSet / Megabyte);
    }
}
