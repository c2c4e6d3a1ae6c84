using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Coupon.LocalServers;

/// <summary>
/// For a program in the foreground that runs another one: Ctrl-C in the terminal reaches both, SIGTERM only the process that it was sent to.
/// </summary>
public static class Termination
{
    /// <summary>Forwards signals that ask this process to stop, until disposed.</summary>
    public static IDisposable PassOnTo(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            if (!process.HasExited)
                _ = NativeSignal.Kill(process.Id, (int)UnixSignal.Terminate);
        });
    }
}
