using System.Diagnostics;

namespace Coupon.Benchmarks.Rider;

/// <summary>CPU time and allocated bytes of this process, a message.</summary>
internal sealed class Meter
{
    private readonly TimeSpan _processor = Processor();
    private readonly long _allocated = GC.GetTotalAllocatedBytes();

    public (double Microseconds, double Bytes) Per(int messages) =>
        ((Processor() - _processor).TotalMicroseconds / messages, (GC.GetTotalAllocatedBytes() - _allocated) / (double)messages);

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
