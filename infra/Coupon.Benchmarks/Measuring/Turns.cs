namespace Coupon.Benchmarks.Measuring;

/// <summary>Who is measured after whom.</summary>
internal static class Turns
{
    /// <summary>
    /// Each order is followed by the same one backwards, and every second round another one begins: nobody always follows the same neighbour, and
    /// everybody is as often before another one as after it.
    /// </summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> contenders, int round)
    {
        // Not by the round itself: backwards from one further on begins with the same one again, and two contenders would never change places.
        var turn = Enumerable.Range(0, contenders.Count).Select(index => contenders[(index + (round / 2)) % contenders.Count]);
        return round % 2 == 0 ? turn : turn.Reverse();
    }
}
