namespace Coupon.Benchmarks.Measuring;

/// <summary>Who is measured after whom.</summary>
internal static class Turns
{
    /// <summary>Another one begins each round, and every other round goes backwards: nobody always follows the same neighbour.</summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> contenders, int round)
    {
        var turn = Enumerable.Range(0, contenders.Count).Select(index => contenders[(index + round) % contenders.Count]);
        return round % 2 == 0 ? turn : turn.Reverse();
    }
}
