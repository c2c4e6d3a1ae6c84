using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Lets one process verify a shard at a time. The lock lives in the Redis that is verified and expires when its holder dies. It only saves work: two
/// verifications cannot spoil each other, because each write carries the id of its verification.
/// </summary>
internal sealed class VerifierLock : IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly RedisKey _key;
    private readonly RedisValue _owner;
    private readonly CancellationTokenSource _held;
    private readonly Task _renewal;

    private VerifierLock(
        IDatabase database,
        RedisKey key,
        RedisValue owner,
        TimeSpan lockTime,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        (_database, _key, _owner) = (database, key, owner);
        _held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewal = RenewAsync(lockTime, time);
    }

    /// <summary>Cancelled when the lock is lost, or its taker was cancelled.</summary>
    public CancellationToken Held => _held.Token;

    /// <summary>Takes it.</summary>
    /// <returns>Null where another process has it.</returns>
    public static async Task<VerifierLock?> TryTakeAsync(
        IDatabase database,
        Shard shard,
        TimeSpan lockTime,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        RedisValue owner = Guid.NewGuid().ToString("N");
        return await database.LockTakeAsync(shard.Keys.Verifier, owner, lockTime)
            ? new VerifierLock(database, shard.Keys.Verifier, owner, lockTime, time, cancellationToken)
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _held.CancelAsync();
        await _renewal;
        _held.Dispose();
        await RedisLock.ReleaseAsync(_database, _key, _owner);
    }

    private async Task RenewAsync(TimeSpan lockTime, TimeProvider time)
    {
        try
        {
            do await Task.Delay(lockTime / 3, time, _held.Token);
            while (await RedisLock.ExtendAsync(_database, _key, _owner, lockTime));
            await _held.CancelAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is: a lock that cannot be extended is lost.
            await _held.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }
}
