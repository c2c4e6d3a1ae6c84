using System.Globalization;
using Coupon.Faults.Histories;

namespace Coupon.Faults.Checks;

/// <summary>Users, ordinals and rows against each other, seat by seat.</summary>
internal static class SeatCheck
{
    private const int Named = 10;

    public static IEnumerable<Violation> Find(ToldSeats told, Outcome outcome)
    {
        var userOf = outcome.Rows.ToLookup(row => row.Ordinal, row => row.UserId);
        foreach (var violation in OverTotal(told, outcome).Concat(TwoOf(told)).Concat(TwoRows(outcome)))
            yield return violation;

        var open = outcome.Letters.Where(letter => letter.State == "Open" && letter.Ordinal is not null).ToLookup(letter => letter.Ordinal!.Value);
        foreach (var (ordinal, user) in told.Binding)
        {
            if (userOf[ordinal].Contains(user) || open[ordinal].Any(letter => letter.UserId == user))
                continue;
            var promise = told.Accepted.Contains((ordinal, user)) ? Promise.Lost : Promise.ToldTwice;
            var instead = userOf[ordinal].Any() ? $"the row says user {userOf[ordinal].First()}" : "there is neither a row nor a dead letter";
            yield return new Violation(promise, Text($"User {user} was told ordinal {ordinal}, and {instead}."), [user, .. userOf[ordinal]]);
        }
    }

    private static IEnumerable<Violation> OverTotal(ToldSeats told, Outcome outcome)
    {
        if (outcome.Rows.Count > outcome.Total)
            yield return new Violation(Promise.Oversold, Text($"There are {outcome.Rows.Count} rows of {outcome.Total} seats."));
        var ordinals = told.Binding.Select(seat => seat.Ordinal).Distinct().Count();
        if (ordinals > outcome.Total)
            yield return new Violation(Promise.Oversold, Text($"{ordinals} ordinals were told, of {outcome.Total} seats."));
    }

    private static IEnumerable<Violation> TwoOf(ToldSeats told)
    {
        foreach (var user in told.Binding.GroupBy(seat => seat.UserId).Where(user => user.Skip(1).Any()))
        {
            var ordinals = string.Join(", ", user.Select(seat => seat.Ordinal).Take(Named));
            yield return new Violation(Promise.ToldTwice, Text($"User {user.Key} was told the ordinals {ordinals}."), user.Key);
        }

        foreach (var ordinal in told.Binding.GroupBy(seat => seat.Ordinal).Where(ordinal => ordinal.Skip(1).Any()))
        {
            List<long> users = [.. ordinal.Select(seat => seat.UserId)];
            yield return new Violation(Promise.ToldTwice, Text($"Ordinal {ordinal.Key} was told to the users {string.Join(", ", users)}."), users);
        }
    }

    private static IEnumerable<Violation> TwoRows(Outcome outcome)
    {
        foreach (var user in outcome.Rows.GroupBy(row => row.UserId).Where(user => user.Skip(1).Any()))
        {
            var ordinals = string.Join(", ", user.Select(row => row.Ordinal).Take(Named));
            yield return new Violation(Promise.OnePerUser, Text($"User {user.Key} has the rows {ordinals}."), user.Key);
        }

        foreach (var (coupon, user) in outcome.TwoRowsOfOthers)
            yield return new Violation(Promise.OnePerUser, Text($"User {user} has two rows of coupon {coupon}."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
