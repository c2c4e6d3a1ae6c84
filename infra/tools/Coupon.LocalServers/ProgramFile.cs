namespace Coupon.LocalServers;

/// <summary>Finds programs on this machine.</summary>
public static class ProgramFile
{
    // A plain user's PATH leaves the last two out, and Debian puts database servers there.
    private static IEnumerable<string> _folders =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/local/sbin"]);

    /// <summary>The full path of a program on the PATH; null where there is none.</summary>
    public static string? Find(string name) => _folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The full path of a program below the folder that an environment variable names; null where either is missing.</summary>
    public static string? FindBelow(string variable, string relativePath) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } home && Path.Combine(home, relativePath) is var path && File.Exists(path)
            ? path
            : null;
}
