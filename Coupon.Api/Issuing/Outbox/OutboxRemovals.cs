using System.Threading.Channels;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Outbox;

/// <summary>
/// Takes acknowledged entries out of the outbox, many with one command. A removal that is lost costs nothing but a message that is sent again, so
/// nobody waits for it and nothing is retried. An acknowledgement counts only in the term of the lease in which the message was sent: a verification
/// that came
/// in between may have put the entry back, because MySQL has lost the row that the message made.
/// </summary>
internal sealed class OutboxRemovals(IConnectionMultiplexer redis, IStockFence fence, TimeProvider time, ILogger<OutboxRemovals> logger)
    : BackgroundService
{
    // Long enough to gather some hundreds under load, far below the grace after which a relay would send them again.
    private static readonly TimeSpan _gather = TimeSpan.FromMilliseconds(20);
    private const int MostAtOnce = 1000;

    private readonly Channel<(OutboxEntry Entry, LeaseTerm Term)> _acknowledged = Channel.CreateUnbounded<(OutboxEntry, LeaseTerm)>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    /// <summary>Kafka has the message of an entry.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="term">The term in which it was sent.</param>
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
            // Stopping: what was acknowledged until now leaves the outbox, so that no relay has to send it again.
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
                    .GroupBy(entry => entry.Outbox)
                    .SelectMany(coupon =>
                        coupon
                            .Select(entry => entry.Member)
                            .Chunk(MostAtOnce)
                            .Select(members => redis.GetDatabase().SortedSetRemoveAsync(coupon.Key, members))
                    )
            );
        }
#pragma warning disable CA1031 // Whatever it was: these are sent again, and those to come must leave the outbox.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RemovalFailed(logger, entries.Count, exception);
        }
    }
}
