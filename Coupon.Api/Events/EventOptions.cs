using System.ComponentModel.DataAnnotations;

namespace Coupon.Api.Events;

/// <summary>Section <c>Events</c>: what live events cost at most. Each instance counts for itself.</summary>
public sealed class EventOptions
{
    /// <summary>How many streams of events are open at a time; others get 503. Each takes about 10 KB. Default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int Streams { get; set; } = 5_000;

    /// <summary>The time between two readings of a coupon that somebody watches. One reading serves all of them. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stream lasts; its client may ask for another one. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(5);
}
