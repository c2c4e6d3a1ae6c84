using Coupon.Faults.Protections;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Commands;

/// <summary>What to run.</summary>
internal sealed record FaultsOptions
{
    /// <summary>How many seeds.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>The first.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many runs at a time, each on servers of its own.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The servers; null: they are drawn.</summary>
    public StackKind? Stack { get; init; }

    /// <summary>What each schedule has, once each; null: it is drawn.</summary>
    public IReadOnlyList<FaultChoice>? Faults { get; init; }

    /// <summary>Only the faults with these numbers; null: all.</summary>
    public IReadOnlyList<int>? Keep { get; init; }

    /// <summary>The protection that is switched off; null: none.</summary>
    public Protection? Without { get; init; }

    /// <summary>Whether the schedule of a failing run is made smaller.</summary>
    public bool Shrink { get; init; }

    /// <summary>Whether to end with the first failing run.</summary>
    public bool UntilBroken { get; init; }

    /// <summary>Where timelines and logs go.</summary>
    public required string Output { get; init; }

    /// <summary>The schedule of a seed, on servers that this machine may have.</summary>
    public Schedule ScheduleOf(int seed, StackKind stack)
    {
        var drawn = Faults is { } choices ? ScheduleDraw.Of(seed, stack, choices) : ScheduleDraw.Of(seed, stack);
        return Keep is { } numbers ? drawn.Keep(numbers) : drawn;
    }
}
