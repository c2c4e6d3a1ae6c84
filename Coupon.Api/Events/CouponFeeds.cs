using System.Text.Json;
using Coupon.Api.Coupons;
using Coupon.Hosting.Background;

namespace Coupon.Api.Events;

/// <summary>
/// The coupons that somebody watches. One reading a coupon and interval serves all who watch it, and the own results of all of them: a crowd that
/// watches costs Redis and MySQL as much as one of it.
/// </summary>
internal sealed class CouponFeeds(CouponReader coupons, OwnResults results, EventOptions options, TimeProvider time, ILogger<CouponFeeds> logger)
    : PeriodicService(options.Interval, time, logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, CouponFeed> _feeds = [];
    private int _streams;

    /// <summary>How many readings of a coupon there have been.</summary>
    public int Readings { get; private set; }

    /// <summary>Begins to watch a coupon. Each that was let in must <see cref="Leave"/>.</summary>
    /// <returns>Null: as many watch as may.</returns>
    public CouponFeed? Enter(long couponId, long? user)
    {
        lock (_lock)
        {
            if (_streams >= options.Streams)
                return null;
            _streams++;
            if (!_feeds.TryGetValue(couponId, out var feed))
            {
                _feeds.Add(couponId, feed = new CouponFeed());

                // The first who watches does not wait for the next tick.
                WakeUp();
            }

            feed.Enter(user);
            return feed;
        }
    }

    /// <summary>Ends it.</summary>
    public void Leave(long couponId, CouponFeed feed, long? user)
    {
        lock (_lock)
        {
            _streams--;
            if (feed.Leave(user))
                _feeds.Remove(couponId);
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        KeyValuePair<long, CouponFeed>[] watched;
        lock (_lock)
            watched = [.. _feeds];
        await Task.WhenAll(watched.Select(feed => ReadAsync(feed.Key, feed.Value, stoppingToken)));
    }

    // Who watches is told nothing new meanwhile; outages have log lines of their own.
    protected override void Failed(Exception exception) => Log.EventsWait(Logger, exception);

    private async Task ReadAsync(long couponId, CouponFeed feed, CancellationToken cancellationToken)
    {
        Readings++;
        var coupon = await coupons.FindAsync(couponId, cancellationToken);
        var found = await results.FindAsync(couponId, feed.Waiting, cancellationToken);
        feed.Publish(coupon is null ? null : JsonSerializer.SerializeToUtf8Bytes(coupon, CouponJson.Default.CouponResponse), found);
    }
}
