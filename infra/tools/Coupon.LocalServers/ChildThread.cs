using System.Collections.Concurrent;
using System.Diagnostics;

namespace Coupon.LocalServers;

/// <summary>
/// The one thread that starts child processes. Linux sends the signal of PR_SET_PDEATHSIG when the <em>thread</em> that forked ends, not the
/// process (man 2 prctl); the end of a pool thread would kill the servers that it started.
/// </summary>
internal static class ChildThread
{
    private static readonly BlockingCollection<Action> _work = [];

    static ChildThread() => new Thread(Run) { IsBackground = true, Name = "Starts child processes" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
            }
            catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    private static void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }
}
