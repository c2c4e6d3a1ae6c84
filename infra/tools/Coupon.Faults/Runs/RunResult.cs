using Coupon.Faults.Checks;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Runs;

/// <summary>A run that came to its end, and what was wrong.</summary>
internal sealed record RunResult(Schedule Schedule, History History, ToldSeats Told, Outcome Outcome, IReadOnlyList<Violation> Violations)
{
    /// <summary>Faults of the schedule that the servers of this machine cannot have.</summary>
    public IReadOnlyList<Fault> LeftOut { get; init; } = [];

    public bool IsGood => Violations.Count == 0;

    /// <summary>Seats that were told with a 202.</summary>
    public int Accepted => Told.Accepted.Count;

    /// <summary>Seats that were told and are gone, as docs/durability.md says for these faults.</summary>
    public int GoneAsDocumented => Told.Excused.Count(seat => !Outcome.Rows.Contains(new SeatRow(seat.Ordinal, seat.UserId)));

    /// <summary>How many violations of a promise there are.</summary>
    public int Count(params Promise[] promises) => Violations.Count(violation => promises.Contains(violation.Promise));

    /// <summary>The longest time in which somebody pressed and nobody was served.</summary>
    public TimeSpan WithoutService => Outage.Longest(History.Answers);
}
