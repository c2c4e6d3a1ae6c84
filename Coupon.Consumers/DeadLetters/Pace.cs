using System.Globalization;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Spreads work evenly over time, at so many a second.</summary>
internal sealed class Pace(double? perSecond, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _count;

    /// <summary>The slowest rate.</summary>
    public const double Least = 0.01;

    /// <summary>The fastest rate.</summary>
    public const double Most = 1_000_000;

    /// <summary>Checks a rate, in messages a second.</summary>
    /// <returns>The fault as a sentence; null: the rate is valid, or there is none.</returns>
    public static string? FindFault(double? rate) =>
        rate is null or (>= Least and <= Most) ? null : string.Create(CultureInfo.InvariantCulture, $"rate must be {Least} to {Most:N0} a second.");

    public bool IsLimited => perSecond is not null;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (perSecond is not { } rate)
            return;
        var due = TimeSpan.FromSeconds(_count++ / rate) - time.GetElapsedTime(_started);
        if (due > TimeSpan.Zero)
            await Task.Delay(due, time, cancellationToken);
    }
}
