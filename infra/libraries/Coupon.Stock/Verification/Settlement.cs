using Coupon.Stock.Shards;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Waits until every instance has settled, in MySQL or in the Redis that is verified, or cannot hold a lease any more. The latter is judged by the
/// clock of this process alone: the instance has shown nothing for as long as a lease can last. Then it is given up, and no later verification waits
/// for it.
/// </summary>
internal sealed class Settlement(IDatabase redis, Shard shard, VerificationLog log, VerificationOptions options, TimeProvider time, ILogger logger)
{
    private static readonly StockScript _end = StockScript.Embedded(typeof(Settlement).Assembly, "end-settling.lua");

    private readonly Dictionary<string, (DateTime SeenAt, long Since)> _watched = [];
    private string _said = "";

    /// <summary>From here on instances that do not reach MySQL see it too.</summary>
    public Task BeginAsync(long id) =>
        redis.HashSetAsync(
            shard.Keys.Standing,
            shard.Slots is { } slots
                ? [new(StandingFields.Slots, slots.ToString()), new(StandingFields.Waiting, id)]
                : [new(StandingFields.Waiting, id)]
        );

    /// <summary>Waits.</summary>
    /// <exception cref="VerificationInterruptedException">A later verification has begun, or Redis has lost data.</exception>
    public async Task WaitAsync(long id, CancellationToken cancellationToken)
    {
        while (!await IsSettledAsync(id, cancellationToken))
            await Task.Delay(options.RetryInterval, time, cancellationToken);
    }

    private async Task<bool> IsSettledAsync(long id, CancellationToken cancellationToken)
    {
        if (await log.IsOvertakenAsync(id, shard, cancellationToken))
            throw new VerificationInterruptedException("A later verification has begun.");
        var unsettled = await log.UnsettledAsync(id, shard, cancellationToken);
        var standing = (await redis.HashGetAllAsync(shard.Keys.Standing)).ToDictionary(field => (string)field.Name!, field => (string?)field.Value);
        unsettled.RemoveAll(instance => long.TryParse(standing.GetValueOrDefault(instance.Id), out var handedBack) && handedBack >= id);
        if (!unsettled.TrueForAll(HasEnded))
        {
            Say(id, string.Join(", ", unsettled.Select(instance => instance.Name)));
            return false;
        }

        // First the script ends the hand-back in Redis; then each instance that has not settled is given up, unless it has shown itself in MySQL,
        // where it can still settle.
        var settled = (string?[]?)await redis.ScriptEvaluateAsync(_end.Text, [shard.Keys.Standing], [id])
            ?? throw new VerificationInterruptedException($"Redis has lost data during verification {id}, or another one took over.");
        var all = true;
        foreach (var instance in unsettled.Where(instance => !settled.Contains(instance.Id)))
        {
            var isGivenUp = await log.GiveUpAsync(instance, cancellationToken);
            if (isGivenUp)
                Log.GivenUp(logger, id, instance.Name);
            all &= isGivenUp;
        }

        return all;
    }

    private bool HasEnded(UnsettledInstance instance)
    {
        if (!_watched.TryGetValue(instance.Id, out var watched) || watched.SeenAt != instance.SeenAt)
            _watched[instance.Id] = watched = (instance.SeenAt, time.GetTimestamp());
        return time.GetElapsedTime(watched.Since) >= TimeSpan.FromMilliseconds(instance.WithinMs);
    }

    private void Say(long id, string instances)
    {
        if (instances != _said)
            Log.WaitingFor(logger, id, instances);
        _said = instances;
    }
}
