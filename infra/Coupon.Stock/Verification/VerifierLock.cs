using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// One verifies at a time. The lock lives in the Redis that is verified and ends by itself when its holder dies. It saves work; what keeps two
/// verifications from spoiling each other is the id that each of their writes carries.
/// </summary>
internal sealed class VerifierLock : IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly RedisValue _owner;
    private readonly CancellationTokenSource _held;
    private readonly Task _renewal;

    private VerifierLock(IDatabase database, RedisValue owner, TimeSpan lockTime, TimeProvider time, CancellationToken cancellationToken)
    {
        _database = database;
        _owner = owner;
        _held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewal = RenewAsync(lockTime, time);
    }

    /// <summary>Cancelled when the lock is lost, or its taker was cancelled.</summary>
    public CancellationToken Held => _held.Token;

    /// <summary>Takes it.</summary>
    /// <returns>Null where somebody else has it.</returns>
    public static async Task<VerifierLock?> TryTakeAsync(
        IDatabase database,
        TimeSpan lockTime,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        RedisValue owner = Guid.NewGuid().ToString("N");
        return await database.LockTakeAsync(CouponKeys.Verifier, owner, lockTime)
            ? new VerifierLock(database, owner, lockTime, time, cancellationToken)
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _held.CancelAsync();
        await _renewal;
        _held.Dispose();
        try
        {
            await _database.LockReleaseAsync(CouponKeys.Verifier, _owner);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // It ends by itself.
        }
    }

    private async Task RenewAsync(TimeSpan lockTime, TimeProvider time)
    {
        using var timer = new PeriodicTimer(lockTime / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_held.Token))
            {
                if (await _database.LockExtendAsync(CouponKeys.Verifier, _owner, lockTime))
                    continue;
                await _held.CancelAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is: who cannot extend the lock has lost it.
            await _held.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }
}
