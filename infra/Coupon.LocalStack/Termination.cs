using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Coupon.LocalStack;

/// <summary>For programs in the foreground that hold another one: Ctrl-C reaches both through the terminal, a request to stop only the one it was sent to.</summary>
public static class Termination
{
    /// <summary>Passes on what asks this process to stop, until disposed of.</summary>
    public static IDisposable PassOnTo(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            if (!process.HasExited) _ = NativeSignal.Kill(process.Id, (int)UnixSignal.Terminate);
        });
    }
}
