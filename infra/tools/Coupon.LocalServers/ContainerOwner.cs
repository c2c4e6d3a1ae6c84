using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>
/// Whose a container is: a label with the process that started it. A process that was killed stops nothing, and Ryuk, which does it for
/// Testcontainers, is often turned off or cannot be had; so the next process removes what belongs to nobody.
/// </summary>
internal static class ContainerOwner
{
    /// <summary>The name of the label.</summary>
    public const string Label = "coupon.owner";

    // An engine may be shared by machines, and by containers with processes of their own, whose numbers say nothing here.
    private static readonly string _place = Place();

    /// <summary>The value of the label for this process.</summary>
    public static string Own { get; } = Of(Environment.ProcessId);

    /// <summary>The value of the label for a process of this machine.</summary>
    public static string Of(int process) => string.Create(CultureInfo.InvariantCulture, $"{_place} {process} {StartOf(process)}");

    /// <summary>Whether it was a process of this machine that has ended. Numbers are given out again, so the time of the start counts too.</summary>
    public static bool IsGone(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.Split(' ') is [var place, var process, var start]
            && place == _place
            && place.Length > 0
            && int.TryParse(process, CultureInfo.InvariantCulture, out var id)
            && StartOf(id) != start;
    }

    private static string Place()
    {
        if (!OperatingSystem.IsLinux())
            return "";
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
        return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{space}";
    }

    // Field 22 of /proc/PID/stat, counted from behind the name, which may have spaces and brackets in it (man 5 proc_pid_stat).
    private static string StartOf(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
