using System.Threading.Channels;
using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Removes acknowledged entries from the outbox, many with one command. A removal that is lost only has its message sent again, so no caller waits
/// for it and none is retried. An acknowledgement counts only in the term of the lease in which the message was sent: a verification in between may
/// have put the entry back, because MySQL has lost the row of that message.
/// </summary>
internal sealed class OutboxRemovals(IConnectionMultiplexer redis, IStockFence fence, TimeProvider time, ILogger<OutboxRemovals> logger)
    : BackgroundService
{
    private const int MostAtOnce = 1000;

    // Long enough to gather some hundreds under load, far below the grace after which a relay would send them again.
    private static readonly TimeSpan _gather = TimeSpan.FromMilliseconds(20);

    private readonly Channel<(OutboxEntry Entry, LeaseTerm Term)> _acknowledged = Channel.CreateUnbounded<(OutboxEntry, LeaseTerm)>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    /// <summary>Has an entry removed whose message Kafka has acknowledged.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="term">The term in which the message was sent.</param>
    public void Add(OutboxEntry entry, LeaseTerm term) => _acknowledged.Writer.TryWrite((entry, term));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _acknowledged.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(_gather, time, stoppingToken);
                await RemoveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: remove what was acknowledged until now, so that no relay has to send it again.
            await RemoveAsync();
        }
    }

    private async Task RemoveAsync()
    {
        var entries = new List<OutboxEntry>();
        while (_acknowledged.Reader.TryRead(out var acknowledged))
        {
            if (fence.Holds(acknowledged.Term))
                entries.Add(acknowledged.Entry);
        }

        try
        {
            await Task.WhenAll(
                entries
                    .GroupBy(entry => entry.CouponId, entry => entry.Member)
                    .SelectMany(coupon =>
                    {
                        var outbox = new CouponKeys(coupon.Key).Outbox;
                        return coupon.Chunk(MostAtOnce).Select(members => redis.GetDatabase().SortedSetRemoveAsync(outbox, members));
                    })
            );
        }
#pragma warning disable CA1031 // After any exception these are sent again, and the next ones must still be removed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RemovalFailed(logger, entries.Count, exception);
        }
    }
}
