using System.Collections.Concurrent;

namespace Coupon.Benchmarks.Stack;

/// <summary>Creates coupons several at a time: one after the other, a thousand would wait a thousand times for the disk.</summary>
internal static class ManyCoupons
{
    private const int AtOnce = 16;

    /// <returns>Their ids, ascending.</returns>
    /// <exception cref="InvalidOperationException">Somebody else created coupons meanwhile: the ids are not in a row.</exception>
    public static async Task<List<long>> CreateAsync(int count, Func<CancellationToken, Task<long>> create, CancellationToken cancellationToken)
    {
        var created = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (_, stop) => created.Add(await create(stop)));
        List<long> ids = [.. created.Order()];
        if (ids[^1] - ids[0] != count - 1) throw new InvalidOperationException($"The ids of {count} coupons are not in a row: {ids[0]} to {ids[^1]}.");
        return ids;
    }
}
