using System.Runtime.InteropServices;

namespace Coupon.Memory;

/// <summary>What Linux and its C library do with memory.</summary>
internal static partial class NativeMemory
{
    private const int DontNeed = 4;

    /// <summary>Lets go of the pages of a mapped file. They stay in the page cache, and whoever touches them again has them again, from there.</summary>
    public static void Forget(MemoryRegion region) => _ = Advise(region.Start, region.Length, DontNeed);

    /// <summary>Returns what was freed in the C library's heaps to the kernel. Only glibc needs it, and only glibc has it.</summary>
    public static void Trim()
    {
        try
        {
            _ = TrimHeaps(0);
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    // A region that the kernel would rather keep (it is locked, say) is kept.
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint start, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeaps(nuint left);
}
