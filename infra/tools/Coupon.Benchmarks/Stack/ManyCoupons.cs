using System.Collections.Concurrent;

namespace Coupon.Benchmarks.Stack;

/// <summary>Creates coupons, several at a time: a thousand in sequence would wait for the disk a thousand times.</summary>
internal static class ManyCoupons
{
    private const int AtOnce = 16;

    /// <returns>Their ids, ascending.</returns>
    /// <exception cref="InvalidOperationException">The ids are not in a row: another client created coupons meanwhile.</exception>
    public static async Task<List<long>> CreateAsync(int count, Func<CancellationToken, Task<long>> create, CancellationToken cancellationToken)
    {
        var created = new ConcurrentBag<long>();
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), several, async (_, stop) => created.Add(await create(stop)));
        List<long> ids = [.. created.Order()];
        if (ids[^1] - ids[0] != count - 1)
            throw new InvalidOperationException($"The ids of {count} coupons are not in a row: {ids[0]} to {ids[^1]}.");
        return ids;
    }
}
