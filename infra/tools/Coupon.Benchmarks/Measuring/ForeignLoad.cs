using System.Diagnostics;

namespace Coupon.Benchmarks.Measuring;

/// <summary>How much CPU time other processes used during a measurement, to recognise a disturbed run.</summary>
internal sealed class ForeignLoad
{
    private readonly double _machine = ProcessorTime.OfMachine();
    private readonly double _own = ProcessorTime.OfThisTree();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The average of cores that others, the kernel included, used since this was made: 0.05 is a twentieth of a core.</summary>
    public double Cores()
    {
        var others = ProcessorTime.OfMachine() - _machine - (ProcessorTime.OfThisTree() - _own);
        return Math.Max(others, 0) / _watch.Elapsed.TotalSeconds;
    }

    public string Note() => $"Foreign CPU while measuring: {Samples.Figure(Cores())} of {Environment.ProcessorCount} cores.";
}
