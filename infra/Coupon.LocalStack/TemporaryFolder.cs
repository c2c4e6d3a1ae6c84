using System.Diagnostics;
using System.Globalization;

namespace Coupon.LocalStack;

/// <summary>Folders whose names hold the id of the process that made them: what a process left behind, the next one deletes.</summary>
public static class TemporaryFolder
{
    private const string Prefix = "coupon-local-";

    private static readonly string _place = Place();
    private static readonly Lazy<bool> _swept = new(Sweep);

    /// <summary>Makes an empty one.</summary>
    /// <param name="purpose">Part of its name.</param>
    public static string Create(string purpose)
    {
        _ = _swept.Value;
        var folder = Path.Combine(_place, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{purpose}-{Path.GetRandomFileName()}"));
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder).FullName
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <summary>Deletes one, and what is in it.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A server that was just killed may still be letting go of a file, or it is another user's: a later sweep, or theirs, takes it.
        }
    }

    private static bool Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(_place, Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && !IsAlive(id)) Delete(folder);
        }

        return true;
    }

    // Where /tmp is memory, as on Debian 13, a server's data would be too: less of it for everybody, and commits that cost nothing. Who sets TMPDIR is obeyed.
    private static string Place()
    {
        const string onDisk = "/var/tmp/";
        var usual = Path.GetTempPath();
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMPDIR")) && OperatingSystem.IsLinux() && Directory.Exists(onDisk)
            && new DriveInfo(usual).DriveFormat == "tmpfs" ? onDisk : usual;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
