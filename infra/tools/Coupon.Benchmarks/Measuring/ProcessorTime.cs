using System.Globalization;

namespace Coupon.Benchmarks.Measuring;

/// <summary>CPU time from <c>/proc</c> (Linux only), in seconds: of a process, of the machine, of everything that this process started.</summary>
internal static class ProcessorTime
{
    // USER_HZ: what /proc counts in, 100 a second on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of one process, without its children.</summary>
    public static double OfProcess(int id) => Read(id) is { } stat ? stat.Own / TicksPerSecond : 0;

    /// <summary>Programs that this process started and that have ended, with all that they started themselves.</summary>
    public static double OfEndedChildren() => Read(Environment.ProcessId) is { } stat ? (stat.WithEnded - stat.Own) / TicksPerSecond : 0;

    /// <summary>This process and all below it, those that have ended and were waited for included.</summary>
    public static double OfThisTree() => OfTree(Environment.ProcessId);

    /// <summary>A process and all below it, as <see cref="OfThisTree"/>: a Redis rewrites its file in a process of its own.</summary>
    public static double OfTree(int id)
    {
        var processes = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) ? Read(process) : null)
            .OfType<Stat>()
            .ToLookup(stat => stat.Parent);
        return (Read(id) is { } root ? root.WithEnded + Below(root.Id, processes) : 0) / TicksPerSecond;
    }

    /// <summary>All processors, everything but idling and waiting for disks.</summary>
    public static double OfMachine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var times = fields[1..9].Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (times.Sum() - times[3] - times[4]) / TicksPerSecond;
    }

    /// <summary>What the process holds in memory, in MB (10⁶ bytes).</summary>
    public static double ResidentMegabytes(int id) => Megabytes(id, "VmRSS:");

    /// <summary>The same without files that are mapped: programs and libraries, whose pages all processes share and the kernel can drop.</summary>
    public static double PrivateMegabytes(int id) => Megabytes(id, "RssAnon:") + Megabytes(id, "RssShmem:");

    private static double Megabytes(int id, string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(text => text.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    private static double Below(int parent, ILookup<int, Stat> processes) =>
        processes[parent].Sum(child => child.WithEnded + Below(child.Id, processes));

    private static Stat? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name is in parentheses and may contain any character; only numbers follow (man 5 proc_pid_stat).
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Ticks(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
            return new Stat(id, (int)Ticks(1), Ticks(11) + Ticks(12), Ticks(11) + Ticks(12) + Ticks(13) + Ticks(14));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed record Stat(int Id, int Parent, double Own, double WithEnded);
}
