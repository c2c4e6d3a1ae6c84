using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>Which process listens on a port: the server that answers there may belong to another test or user.</summary>
internal static class ListeningSocket
{
    private const string Listening = "0A";

    /// <summary>Whether a process listens on the port, according to /proc (Linux only; elsewhere always true).</summary>
    public static bool IsOf(int processId, int port)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var sockets = Sockets("/proc/net/tcp", port).Concat(Sockets("/proc/net/tcp6", port)).ToHashSet();
        try
        {
            return Directory
                .EnumerateFiles($"/proc/{processId}/fd")
                .Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false) is { Name: var name } && sockets.Contains(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or closed one of its files.
            return false;
        }
    }

    // "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 …": address and port in hexadecimal, state,
    // inode (man 5 proc_pid_net).
    private static IEnumerable<string> Sockets(string table, int port)
    {
        if (!File.Exists(table))
            yield break;
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var line in File.ReadLines(table))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[3] == Listening && words[1].EndsWith(suffix, StringComparison.Ordinal))
                yield return $"socket:[{words[9]}]";
        }
    }
}
