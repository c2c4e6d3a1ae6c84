using System.Globalization;
using Coupon.Faults.Histories;

namespace Coupon.Faults.Checks;

/// <summary>Every record that cannot be written is an open dead letter with its cause, and nothing else is one.</summary>
internal static class LetterCheck
{
    public static IEnumerable<Violation> Find(History history, ToldSeats told, Outcome outcome)
    {
        var open = outcome.Letters.Where(letter => letter.State == "Open").ToDictionary(letter => (letter.Partition, letter.Offset));
        foreach (var strange in history.Strange)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"partition {strange.Partition}, offset {strange.Offset}");
            if (!open.Remove((strange.Partition, strange.Offset), out var letter))
                yield return new Violation(Promise.DeadLetters, $"The record at {place} should be a dead letter ({strange.Cause}), and is none.");
            else if (letter.Cause != strange.Cause)
                yield return new Violation(Promise.DeadLetters, $"The record at {place} is a dead letter of {letter.Cause}, not of {strange.Cause}.");
        }

        // An issuance of the service that cannot be written: an ordinal or a user was given twice. Allowed of a seat that was lost as documented, and
        // whose message came late.
        foreach (var letter in open.Values)
        {
            if (letter is { Ordinal: { } ordinal, UserId: { } user } && told.MayBeGone(ordinal, user))
                continue;
            var what = string.Create(CultureInfo.InvariantCulture, $"ordinal {letter.Ordinal} of user {letter.UserId}");
            yield return new Violation(Promise.DeadLetters, $"An issuance became a dead letter ({letter.Cause}): {what}.", letter.UserId ?? 0);
        }
    }
}
