using System.ComponentModel;
using System.Diagnostics;

namespace Coupon.LocalServers;

/// <summary>
/// A process that never outlives this one: the kernel kills it when this process ends in whatever way, kill −9 included (Linux only).
/// It has its own session, so that Ctrl-C in a terminal reaches only this process, which then stops its children in order.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan _freezePatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private ChildProcess(Process process, string? logFile)
    {
        _process = process;
        LogFile = logFile;
    }

    /// <summary>The process id, also of the program itself: the launchers exec, they do not fork.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; only once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Where its output goes; null when it is read through <see cref="Output"/>.</summary>
    public string? LogFile { get; }

    /// <summary>Its standard input; only where there is no log file.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Its standard output; only where there is no log file.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Whether a process with this id runs, of whatever parent.</summary>
    public static bool IsAlive(int id)
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

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program, its arguments and additions to the environment.</param>
    /// <param name="logFile">Takes standard output and error, appended, and gives an empty standard input; null: both ends are pipes to us.</param>
    public static async Task<ChildProcess> StartAsync(ChildCommand command, string? logFile)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = logFile is null,
            RedirectStandardOutput = logFile is null,
        };
        string[] launcher = OperatingSystem.IsLinux() ? ["setsid", "setpriv", "--pdeathsig", "KILL"] : [];
        string[] shell = logFile is null ? [] : ["sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", logFile];
        string[] line = [.. launcher, .. shell, command.Program, .. command.Arguments];
        start.FileName = line[0];
        foreach (var argument in line[1..])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        return new ChildProcess(await ChildThread.StartAsync(start), logFile);
    }

    /// <summary>kill −9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signal(UnixSignal.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop and waits; after <paramref name="patience"/> it is killed. True where it stopped by itself.</summary>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        Signal(UnixSignal.Terminate);
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <summary>Sends a signal, unless it has already ended.</summary>
    public void Signal(UnixSignal signal)
    {
        if (!_process.HasExited && NativeSignal.Kill(_process.Id, (int)signal) != 0 && !_process.HasExited)
            throw new Win32Exception($"Signal {signal} could not be sent to process {_process.Id}.");
    }

    /// <summary>
    /// Stops it in the middle of whatever it does (SIGSTOP), and returns when none of its threads runs any more: each thread stops only when the
    /// kernel delivers the signal to it, so a server with many of them may answer for a moment after the call of kill.
    /// </summary>
    public void Freeze()
    {
        Signal(UnixSignal.Stop);
        if (OperatingSystem.IsLinux() && !SpinWait.SpinUntil(() => _process.HasExited || ThreadStates(Id).All(IsStopped), _freezePatience))
            throw new InvalidOperationException($"Process {Id} still runs {_freezePatience.TotalSeconds} s after it was told to stop.");
    }

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal(UnixSignal.Continue);

    /// <summary>Waits until it has ended.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>The end of its output, for an error message.</summary>
    public string LastOutput(int lines = 15) =>
        LogFile is not null && File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(lines)) : "";

    /// <summary>Releases the handle. The child runs on until it is stopped or this process ends.</summary>
    public void Dispose() => _process.Dispose();

    // T: stopped, t: stopped by a debugger, Z and X: ended (proc(5), "/proc/pid/stat", state).
    private static bool IsStopped(char state) => state is 'T' or 't' or 'Z' or 'X';

    // The state follows the name of the thread, which stands in brackets and may hold anything.
    private static IEnumerable<char> ThreadStates(int id)
    {
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{id}/task"))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(thread, "stat"));
            }
            catch (IOException)
            {
                // It ended meanwhile.
                continue;
            }

            yield return stat[stat.LastIndexOf(')') + 2];
        }
    }
}
