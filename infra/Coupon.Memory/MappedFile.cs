using System.Globalization;

namespace Coupon.Memory;

/// <summary>An entry of <c>/proc/self/smaps</c> that has a file.</summary>
internal sealed class MappedFile
{
    private const int PathField = 5;

    private readonly string _access;

    private MappedFile(MemoryRegion region, string access, string path)
    {
        Region = region;
        Path = path;
        _access = access;
    }

    public MemoryRegion Region { get; }

    public string Path { get; }

    public bool IsExecutable => _access[2] == 'x';

    public bool IsWritable => _access[1] == 'w';

    /// <summary>Some of its pages are not the file's any more: written once, in memory or swapped out.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Reads the first line of an entry: <c>7f00-7f10 r-xp 00000000 fe:00 42   /path</c>. Null where it is another line, or not a file's.</summary>
    public static MappedFile? Begin(string line)
    {
        var fields = line.Split(' ', PathField + 1, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= PathField || fields[PathField][0] != '/') return null;
        var dash = fields[0].IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !TryParse(fields[0].AsSpan(0, dash), out var start) || !TryParse(fields[0].AsSpan(dash + 1), out var end)) return null;
        return new MappedFile(new MemoryRegion(start, end - start), fields[1], fields[PathField]);
    }

    /// <summary>Reads one of the lines that follow: <c>Anonymous:   12 kB</c>.</summary>
    public void Continue(string line)
    {
        if ((line.StartsWith("Anonymous:", StringComparison.Ordinal) || line.StartsWith("Swap:", StringComparison.Ordinal))
            && !line.EndsWith(" 0 kB", StringComparison.Ordinal)) IsChanged = true;
    }

    private static bool TryParse(ReadOnlySpan<char> address, out nuint value) =>
        nuint.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
