using Coupon.Faults.Histories;

namespace Coupon.Faults.Checks;

/// <summary>All checks of a run.</summary>
internal static class RunCheck
{
    /// <summary>Who was told what.</summary>
    public static ToldSeats Told(History history) =>
        new(history.Answers, new DocumentedLoss([.. history.Faults], history.Stack, new LeaseBounds(RunSettings.Lease, RunSettings.WaitedFor)));

    /// <summary>Every promise that was not kept.</summary>
    public static IReadOnlyList<Violation> Find(History history, ToldSeats told, Outcome outcome) =>
        [
            .. SeatCheck.Find(told, outcome),
            .. BooksCheck.Find(history, told, outcome),
            .. DeletionCheck.Find(history, outcome),
            .. LetterCheck.Find(history, told, outcome),
            .. ProcessCheck.Find(history, outcome),
            .. HealthCheck.Find(history).DistinctBy(violation => violation.Text.Split(" at ")[0]),
        ];
}
