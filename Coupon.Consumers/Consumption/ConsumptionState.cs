using System.Collections.Concurrent;

namespace Coupon.Consumers.Consumption;

/// <summary>What is in the way of consumption at this moment, for health, metrics and the console.</summary>
internal sealed class ConsumptionState(TimeProvider time)
{
    private readonly ConcurrentDictionary<object, Obstacle> _obstacles = new();

    /// <summary>All that is in the way, the most severe first; none: messages are being consumed.</summary>
    public IReadOnlyList<Obstacle> Obstacles =>
        [.. _obstacles.Values.OrderByDescending(obstacle => obstacle.Trouble).ThenBy(obstacle => obstacle.Since)];

    /// <summary>Something is in the way until the answer is disposed.</summary>
    /// <param name="trouble">What.</param>
    /// <param name="detail">In words, without secrets.</param>
    public IDisposable Enter(Trouble trouble, string detail)
    {
        var key = new Release(_obstacles);
        _obstacles[key] = new Obstacle(trouble, detail, time.GetUtcNow());
        return key;
    }

    private sealed class Release(ConcurrentDictionary<object, Obstacle> obstacles) : IDisposable
    {
        public void Dispose() => obstacles.TryRemove(this, out _);
    }
}
