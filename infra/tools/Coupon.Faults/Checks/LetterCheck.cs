using System.Globalization;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Checks;

/// <summary>Every record that cannot be written is a dead letter with its cause, and nothing else is one.</summary>
internal static class LetterCheck
{
    public static IEnumerable<Violation> Find(History history, ToldSeats told, Outcome outcome)
    {
        // An operator may have given them up.
        var mayBeDiscarded = history.Faults.Any(fault => fault.Kind == FaultKind.DiscardDeadLetters);
        var open = outcome
            .Letters.Where(letter => letter.State == "Open" || (letter.State == "Discarded" && mayBeDiscarded))
            .ToDictionary(letter => (letter.Partition, letter.Offset));

        // A MySQL that lags and is promoted loses entries of the ledger; their messages stay in their topic (docs/durability.md).
        var ledgerLost = history.Faults.Where(fault => fault.Kind == FaultKind.FailOverMySql).Max(fault => (TimeSpan?)fault.End);
        foreach (var strange in history.Strange)
        {
            if (strange.At <= ledgerLost && !open.ContainsKey((strange.Partition, strange.Offset)))
                continue;
            var place = string.Create(CultureInfo.InvariantCulture, $"partition {strange.Partition}, offset {strange.Offset}");
            if (!open.Remove((strange.Partition, strange.Offset), out var letter))
                yield return new Violation(Promise.DeadLetters, $"The record at {place} should be a dead letter ({strange.Cause}), and is none.");
            else if (letter.Cause != strange.Cause)
                yield return new Violation(Promise.DeadLetters, $"The record at {place} is a dead letter of {letter.Cause}, not of {strange.Cause}.");
        }

        // An issuance of the service that cannot be written: an ordinal or a user was given twice. Allowed of a seat that was lost as documented, and
        // whose message came late; and of a coupon that was deleted when all of it was written, of which an instance that was frozen sends a copy.
        var deleted = history.Deletions.Select(deletion => deletion.CouponId).ToHashSet();
        foreach (var letter in open.Values)
        {
            if (letter is { Cause: "unknown-coupon", CouponId: { } coupon } && deleted.Contains(coupon))
                continue;
            if (letter is { Ordinal: { } ordinal, UserId: { } user } && told.MayBeGone(ordinal, user))
                continue;
            var what = string.Create(CultureInfo.InvariantCulture, $"ordinal {letter.Ordinal} of user {letter.UserId}");
            yield return new Violation(Promise.DeadLetters, $"An issuance became a dead letter ({letter.Cause}): {what}.", letter.UserId ?? 0);
        }
    }
}
