using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Coupon.Consumers.Telemetry;

namespace Coupon.Consumers.Consumption;

/// <summary>The obstacles of consumption at this moment, for health, the metric <c>coupon_consumption_obstacles</c> and the console.</summary>
internal sealed class ConsumptionState
{
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<object, Obstacle> _obstacles = new();

    public ConsumptionState(TimeProvider time, IMeterFactory meters)
    {
        _time = time;
        meters
            .Create(ConsumerMetrics.MeterName)
            .CreateObservableGauge("coupon.consumption.obstacles", Measure, "{obstacle}", "Obstacles by kind; 0 for all kinds: consumption runs.");
    }

    /// <summary>All obstacles, the most severe first; none: messages are being consumed.</summary>
    public IReadOnlyList<Obstacle> Obstacles =>
        [.. _obstacles.Values.OrderByDescending(obstacle => obstacle.Kind).ThenBy(obstacle => obstacle.Since)];

    /// <summary>Shows an obstacle until the returned object is disposed.</summary>
    /// <param name="kind">What consumption waits for.</param>
    /// <param name="detail">The same in words, without secrets.</param>
    public IDisposable Enter(ObstacleKind kind, string detail)
    {
        var key = new Release(_obstacles);
        _obstacles[key] = new Obstacle(kind, detail, _time.GetUtcNow());
        return key;
    }

    private IEnumerable<Measurement<int>> Measure() =>
        Enum.GetValues<ObstacleKind>()
            .Select(kind => new Measurement<int>(
                Obstacles.Count(obstacle => obstacle.Kind == kind),
                new KeyValuePair<string, object?>("obstacle", kind.ToString())
            ));

    private sealed class Release(ConcurrentDictionary<object, Obstacle> obstacles) : IDisposable
    {
        public void Dispose() => obstacles.TryRemove(this, out _);
    }
}
