namespace Coupon.Benchmarks.Measuring;

/// <summary>The order in which contenders are measured.</summary>
internal static class Turns
{
    /// <summary>
    /// Each order is followed by its reverse, and every second round begins with another contender: none always follows the same one, and each runs
    /// before another one as often as after it.
    /// </summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> contenders, int round)
    {
        // Not by the round itself: the reverse of the next order begins with the same one, and two contenders would never change places.
        var turn = Enumerable.Range(0, contenders.Count).Select(index => contenders[(index + (round / 2)) % contenders.Count]);
        return round % 2 == 0 ? turn : turn.Reverse();
    }
}
