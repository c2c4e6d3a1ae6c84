using System.Globalization;

namespace Coupon.Faults.Schedules;

/// <summary>One fault of a schedule.</summary>
/// <param name="Number">Its number in the schedule that the seed gives, from 1; it keeps that when others are dropped.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">To what.</param>
/// <param name="Start">When, from the beginning of the sale.</param>
/// <param name="Duration">For how long; zero: it is over at once.</param>
/// <param name="Strength">From 0 to 1: how late, how much is cut off, how many.</param>
internal sealed record Fault(int Number, FaultKind Kind, FaultTarget Target, TimeSpan Start, TimeSpan Duration, double Strength)
{
    public TimeSpan End => Start + Duration;

    /// <summary>Whether both are under way at the same time, or within a second of each other.</summary>
    public bool Overlaps(Fault other) => Start < other.End + Schedule.Margin && other.Start < End + Schedule.Margin;

    /// <inheritdoc />
    public override string ToString()
    {
        var duration = Duration == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $" for {Duration.TotalSeconds:F1} s");
        return string.Create(CultureInfo.InvariantCulture, $"#{Number} {Names.Of(Kind)} {Target} at {Start.TotalSeconds:F1} s{duration}");
    }
}
