using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>Folders named after the process that made them. A process that starts deletes the folders of processes that are gone.</summary>
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
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{purpose}-{Path.GetRandomFileName()}");
        var folder = Path.Combine(_place, name);
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
            // A server that was just killed may still hold a file, or the folder belongs to another user: a later sweep deletes it.
        }
    }

    private static bool Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(_place, Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && !ChildProcess.IsAlive(id))
                Delete(folder);
        }

        return true;
    }

    // /tmp may be in memory, as on Debian 13. A server's data there would take memory from all others, and its commits would cost nothing. TMPDIR has
    // priority.
    private static string Place()
    {
        const string onDisk = "/var/tmp/";
        var usual = Path.GetTempPath();
        return
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMPDIR"))
            && OperatingSystem.IsLinux()
            && Directory.Exists(onDisk)
            && new DriveInfo(usual).DriveFormat == "tmpfs"
            ? onDisk
            : usual;
    }
}
