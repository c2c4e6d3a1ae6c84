using System.Runtime.InteropServices;

namespace Coupon.LocalServers;

/// <summary>The signals that faults are made of; numbers as on Linux for x64 and arm64.</summary>
public enum UnixSignal
{
    /// <summary>What Ctrl-C sends.</summary>
    Interrupt = 2,

    /// <summary>Ends the process immediately, without a chance to react.</summary>
    Kill = 9,

    /// <summary>Please stop.</summary>
    Terminate = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Freeze: connections stay open and nothing answers.</summary>
    Stop = 19,
}

internal static partial class NativeSignal
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int processId, int signal);
}
