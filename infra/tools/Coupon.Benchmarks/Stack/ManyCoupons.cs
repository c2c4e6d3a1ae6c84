using System.Collections.Concurrent;

namespace Coupon.Benchmarks.Stack;

/// <summary>Creates coupons, several at a time: a thousand in sequence would wait for the disk a thousand times.</summary>
internal static class ManyCoupons
{
    private const int AtOnce = 16;

    /// <returns>Their ids, ascending.</returns>
    public static async Task<List<long>> CreateAsync(int count, Func<CancellationToken, Task<long>> create, CancellationToken cancellationToken)
    {
        var created = new ConcurrentBag<long>();
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), several, async (_, stop) => created.Add(await create(stop)));
        return [.. created.Order()];
    }
}
