using System.Collections.Concurrent;
using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>Which seats were handled, in which order, and how often.</summary>
public sealed class SeatLog
{
    private readonly ConcurrentQueue<int> _handled = new();
    private readonly ConcurrentQueue<int> _batchSizes = new();

    public IReadOnlyCollection<int> Handled => [.. _handled];

    public IReadOnlyCollection<int> BatchSizes => [.. _batchSizes];

    public IReadOnlySet<int> Distinct => _handled.ToHashSet();

    public int Repeated => _handled.Count - _handled.Distinct().Count();

    /// <summary>The scope that each single message was handled in.</summary>
    public ConcurrentQueue<SeatScope> Scopes { get; } = new();

    public void Add(int number) => _handled.Enqueue(number);

    public void AddBatch(IEnumerable<int> numbers)
    {
        var batch = numbers.ToList();
        _batchSizes.Enqueue(batch.Count);
        foreach (var number in batch)
            _handled.Enqueue(number);
    }

    /// <summary>Waits until every seat from 1 to the last has been handled at least once.</summary>
    public Task AllAsync(int last, int timeoutSeconds = 60) =>
        Eventually.IsTrueAsync(
            () => _handled.Count >= last && Distinct.IsSupersetOf(Enumerable.Range(1, last)),
            timeoutSeconds,
            () => $"missing: {string.Join(", ", Enumerable.Range(1, last).Except(Distinct).Take(20))} of {last}"
        );
}
