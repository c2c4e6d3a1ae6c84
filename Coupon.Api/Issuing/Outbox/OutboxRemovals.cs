using System.Threading.Channels;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Outbox;

/// <summary>
/// Takes acknowledged entries out of the outbox, many with one command. A removal that is lost costs nothing but a message that is sent again, so
/// nobody waits for it and nothing is retried.
/// </summary>
internal sealed class OutboxRemovals(IConnectionMultiplexer redis, TimeProvider time, ILogger<OutboxRemovals> logger) : BackgroundService
{
    // Long enough to gather some hundreds under load, far below the grace after which a relay would send them again.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private const int MostAtOnce = 1000;

    private readonly Channel<OutboxEntry> _acknowledged =
        Channel.CreateUnbounded<OutboxEntry>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(OutboxEntry entry) => _acknowledged.Writer.TryWrite(entry);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _acknowledged.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Gather, time, stoppingToken);
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
        while (_acknowledged.Reader.TryRead(out var entry)) entries.Add(entry);
        try
        {
            await Task.WhenAll(entries.GroupBy(entry => entry.Outbox).SelectMany(coupon => coupon.Select(entry => entry.Member).Chunk(MostAtOnce)
                .Select(members => redis.GetDatabase().SortedSetRemoveAsync(coupon.Key, members))));
        }
#pragma warning disable CA1031 // Whatever it was: these are sent again, and those to come must leave the outbox.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RemovalFailed(logger, entries.Count, exception);
        }
    }
}
