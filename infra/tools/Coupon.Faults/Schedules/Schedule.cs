namespace Coupon.Faults.Schedules;

/// <summary>What happens in a run, and when.</summary>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="Stack">The servers.</param>
/// <param name="Stock">How many seats the coupon has at first.</param>
/// <param name="Faults">In the order of their starts.</param>
internal sealed record Schedule(int Seed, StackKind Stack, int Stock, IReadOnlyList<Fault> Faults)
{
    /// <summary>Between two faults of the same target.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>When the last fault is over.</summary>
    public TimeSpan End => Faults.Count == 0 ? TimeSpan.Zero : Faults.Max(fault => fault.End);

    /// <summary>Only the faults with these numbers.</summary>
    public Schedule Keep(IReadOnlyCollection<int> numbers) => this with { Faults = [.. Faults.Where(fault => numbers.Contains(fault.Number))] };

    /// <summary>Without faults that the servers of this machine cannot have.</summary>
    public Schedule Without(Func<Fault, bool> isImpossible) => this with { Faults = [.. Faults.Where(fault => !isImpossible(fault))] };

    /// <inheritdoc />
    public override string ToString() => Faults.Count == 0 ? "no fault" : string.Join("; ", Faults);
}
