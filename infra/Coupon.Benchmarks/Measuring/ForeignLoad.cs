using System.Diagnostics;

namespace Coupon.Benchmarks.Measuring;

/// <summary>How much of the machine others used while something was measured: a run that was disturbed says so itself.</summary>
internal sealed class ForeignLoad
{
    private readonly double _machine = ProcessorTime.OfMachine();
    private readonly double _own = ProcessorTime.OfThisTree();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Processors used by others since this was made, on average: 0.05 is a twentieth of one core. The kernel's own work counts as theirs.</summary>
    public double Cores()
    {
        var others = ProcessorTime.OfMachine() - _machine - (ProcessorTime.OfThisTree() - _own);
        return Math.Max(others, 0) / _watch.Elapsed.TotalSeconds;
    }

    public string Note() => $"Foreign CPU while measuring: {Samples.Figure(Cores())} of {Environment.ProcessorCount} cores.";
}
