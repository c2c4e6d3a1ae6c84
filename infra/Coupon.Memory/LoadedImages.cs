namespace Coupon.Memory;

/// <summary>
/// Where assemblies and native libraries are mapped and still are what their files are. Only files of which code runs count: these stay where they are until
/// the process ends, so no such address can have become something else by the time it is used.
/// </summary>
internal static class LoadedImages
{
    /// <summary>Those of this process.</summary>
    public static IReadOnlyList<MemoryRegion> Read() => In(File.ReadLines("/proc/self/smaps"));

    /// <summary>Those of a map in the format of <c>/proc/self/smaps</c>.</summary>
    public static IReadOnlyList<MemoryRegion> In(IEnumerable<string> smaps)
    {
        var files = Files(smaps);
        var images = files.Where(file => file.IsExecutable).Select(file => file.Path).ToHashSet();

        // What may be written may be written right now; what was written once exists nowhere else.
        return [.. files.Where(file => images.Contains(file.Path) && !file.IsWritable && !file.IsChanged).Select(file => file.Region)];
    }

    private static List<MappedFile> Files(IEnumerable<string> smaps)
    {
        List<MappedFile> files = [];
        MappedFile? current = null;
        foreach (var line in smaps)
        {
            // Only the first line of an entry begins with an address, which has no capital letters.
            if (char.IsAsciiLetterUpper(line[0])) current?.Continue(line);
            else if ((current = MappedFile.Begin(line)) is not null) files.Add(current);
        }

        return files;
    }
}
