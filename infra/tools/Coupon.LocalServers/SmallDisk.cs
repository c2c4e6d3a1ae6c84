using System.Diagnostics;

namespace Coupon.LocalServers;

/// <summary>
/// A folder that is a disk of its own, small enough to be filled: a tmpfs in a mount namespace (man 7 mount_namespaces). Only programs that are
/// started <see cref="Within"/> it see it, and it is gone with the last of them, however this process ends.
/// </summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int Block = 64 * 1024;
    private const string Ready = "ready";
    private static readonly Lazy<bool> _isPossible = new(() => OperatingSystem.IsLinux() && MayMount());

    private readonly ChildProcess _holder;
    private readonly string _folder;

    private SmallDisk(ChildProcess holder, string folder) => (_holder, _folder) = (holder, folder);

    /// <summary>Whether this process may mount: it runs as root and has CAP_SYS_ADMIN, which containers usually lack.</summary>
    public static bool IsPossible => _isPossible.Value;

    // What another process sees below a path: man 5 proc, "/proc/pid/root".
    private string Ballast => $"/proc/{_holder.Id}/root{Path.Combine(_folder, "ballast")}";

    /// <summary>Mounts one.</summary>
    /// <param name="folder">An absolute path. It is created, and stays empty for everybody else.</param>
    /// <param name="megabytes">Its size, in MiB. Memory is taken for what is written.</param>
    /// <exception cref="InvalidOperationException">It cannot be mounted.</exception>
    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);

        // Keeps the namespace while no server runs in it.
        var holder = await ChildProcess.StartAsync(
            new ChildCommand(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                $"mount -t tmpfs -o size={megabytes}m tmpfs \"$1\" && echo {Ready} && exec sleep infinity",
                "sh",
                folder
            ),
            null
        );
        if (await holder.Output.ReadLineAsync() == Ready)
            return new SmallDisk(holder, folder);
        holder.Dispose();
        throw new InvalidOperationException("A tmpfs cannot be mounted in a namespace of its own (needs root and CAP_SYS_ADMIN).");
    }

    /// <summary>The same program, which sees the disk.</summary>
    public ChildCommand Within(ChildCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command with { Program = "nsenter", Arguments = [$"--mount=/proc/{_holder.Id}/ns/mnt", "--", command.Program, .. command.Arguments] };
    }

    /// <summary>Leaves no space on it.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[Block];
        try
        {
            while (true)
                ballast.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Gives it up. What is on it is gone when its last program has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_holder.HasExited)
            await _holder.KillAsync();
        _holder.Dispose();
    }

    private static bool MayMount()
    {
        if (!Environment.IsPrivilegedProcess || ProgramFile.Find("unshare") is not { } unshare || ProgramFile.Find("nsenter") is null)
            return false;
        using var process = Process.Start(
            new ProcessStartInfo(unshare, ["--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
            {
                RedirectStandardError = true,
            }
        );
        process?.WaitForExit();
        return process?.ExitCode == 0;
    }
}
