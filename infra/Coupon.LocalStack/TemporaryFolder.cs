using System.Diagnostics;
using System.Globalization;

namespace Coupon.LocalStack;

/// <summary>A data folder that goes away with its server. Its name holds the id of the process that made it, so that what a killed process left is found.</summary>
internal static class TemporaryFolder
{
    private const string Prefix = "coupon-local-";

    private static readonly Lazy<bool> _swept = new(Sweep);

    public static string Create(string server)
    {
        _ = _swept.Value;
        return Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{server}-")).FullName;
    }

    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A server that was just killed may still be letting go of a file; the next sweep takes it.
        }
    }

    private static bool Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && !IsAlive(id)) Delete(folder);
        }

        return true;
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
