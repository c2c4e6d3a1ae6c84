namespace Coupon.Benchmarks.Measuring;

/// <summary>Measures processes, each with its child processes.</summary>
internal sealed class ProcessUses(IReadOnlyList<(string Name, int Id)> processes)
{
    private readonly Dictionary<int, double> _before = processes.ToDictionary(process => process.Id, process => ProcessorTime.OfTree(process.Id));

    /// <summary>The use since this was made. Of processes with the same name, the times are added up and the largest memory counts.</summary>
    public Dictionary<string, ProcessUse> Read() =>
        processes
            .GroupBy(process => process.Name)
            .ToDictionary(
                group => group.Key,
                group => new ProcessUse(
                    group.Sum(process => ProcessorTime.OfTree(process.Id) - _before[process.Id]),
                    group.Max(process => ProcessorTime.ResidentMegabytes(process.Id)),
                    group.Max(process => ProcessorTime.PrivateMegabytes(process.Id))
                )
            );
}

/// <summary>What a process used.</summary>
/// <param name="Seconds">CPU time during the measurement.</param>
/// <param name="Megabytes">Resident afterwards (10⁶ bytes).</param>
/// <param name="PrivateMegabytes">Of these, what is not a mapped file.</param>
internal sealed record ProcessUse(double Seconds, double Megabytes, double PrivateMegabytes);
