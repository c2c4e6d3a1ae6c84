using System.Globalization;

namespace Coupon.Faults.Stack;

/// <summary>
/// The wall clocks of processes, which libfaketime shifts (https://github.com/wolfcw/libfaketime, "Using libfaketime in a custom program"): it reads
/// the time from a file, here once a second. Monotonic clocks stay right, as those of a machine whose wall clock is set do.
/// </summary>
internal sealed class WrongClocks(string folder)
{
    private static readonly string? _library = Find();

    /// <summary>Whether this machine has the library.</summary>
    public static bool ArePossible => _library is not null;

    /// <summary>What a process needs so that its clock can be shifted.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(string process)
    {
        Shift(process, TimeSpan.Zero);
        return new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = _library!,
            ["FAKETIME_TIMESTAMP_FILE"] = FileOf(process),
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_DONT_RESET"] = "1",
        };
    }

    /// <summary>The clock of a process is ahead by this much from now on; behind, where it is negative.</summary>
    public void Shift(string process, TimeSpan by)
    {
        // Replaced as a whole: the process may be reading it.
        var written = FileOf(process) + ".new";
        File.WriteAllText(written, by.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move(written, FileOf(process), overwrite: true);
    }

    private string FileOf(string process) => Path.Combine(folder, $"{process}.clock");

    // Debian's folder differs by architecture. The variant for programs with several threads.
    private static string? Find() =>
        Directory.Exists("/usr/lib")
            ? Directory
                .EnumerateDirectories("/usr/lib", "*-linux-gnu")
                .Select(place => Path.Combine(place, "faketime", "libfaketimeMT.so.1"))
                .FirstOrDefault(File.Exists)
            : null;
}
