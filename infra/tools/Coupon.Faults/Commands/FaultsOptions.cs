using Coupon.Faults.Protections;

namespace Coupon.Faults.Commands;

/// <summary>What to run.</summary>
/// <param name="Runs">How many seeds, one after the other.</param>
/// <param name="Seed">The first.</param>
/// <param name="Keep">Only the faults with these numbers; null: all.</param>
/// <param name="Without">The protection that is switched off; null: none.</param>
/// <param name="Shrink">Whether the schedule of a failing run is made smaller.</param>
/// <param name="UntilBroken">Whether to end with the first failing run.</param>
/// <param name="Output">Where timelines and logs go.</param>
internal sealed record FaultsOptions(int Runs, int Seed, IReadOnlyList<int>? Keep, Protection? Without, bool Shrink, bool UntilBroken, string Output);
