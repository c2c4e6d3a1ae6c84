using System.Globalization;
using Coupon.Faults.Histories;

namespace Coupon.Faults.Checks;

/// <summary>The balance: right in the end, and never "adds up" beside something that it does not have.</summary>
internal static class BooksCheck
{
    public static IEnumerable<Violation> Find(History history, ToldSeats told, Outcome outcome)
    {
        foreach (var reading in history.Balances.Where(reading => reading.AddsUp))
        {
            if (reading.Sum != reading.Total)
                yield return Of(reading, $"its places are {reading.Sum} of {reading.Total}");
            if (reading.RowsBefore is { } before && reading.RowsAfter is { } after && (reading.Persisted < before || reading.Persisted > after))
                yield return Of(reading, $"it has {reading.Persisted} rows, and MySQL had {before} before and {after} afterwards");

            // Ordinals that were forgotten, as documented, have their seats back.
            var given = reading.ToldBefore - told.Excused.Count;
            if (given > reading.Total - reading.Remaining)
                yield return Of(reading, $"{given} ordinals had been told, and only {reading.Total - reading.Remaining} seats are taken");
        }

        if (outcome.Balance is not { } last)
            yield return new Violation(Promise.Books, "The balance could not be read in the end.");
        else if (!last.AddsUp)
            yield return new Violation(Promise.Books, "The balance does not add up in the end.");
        else if (last.Persisted != outcome.Rows.Count)
            yield return new Violation(
                Promise.Books,
                string.Create(CultureInfo.InvariantCulture, $"The balance has {last.Persisted} rows in the end, and MySQL {outcome.Rows.Count}.")
            );
    }

    private static Violation Of(BalanceReading reading, FormattableString but) =>
        new(
            Promise.Books,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The balance of {reading.Instance} at {reading.At.TotalSeconds:F1} s says that it adds up, but "
            )
                + but.ToString(CultureInfo.InvariantCulture)
                + "."
        );
}
