using Confluent.Kafka;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Balance;
using Dapper;
using MySqlConnector;

namespace Coupon.Consumers.Monitoring;

/// <summary>Reads what the page of a coupon shows.</summary>
internal sealed class CouponBooks(MySqlDataSource database, BalanceReader reader, BalanceWatch watch, TimeProvider time)
{
    // Much is unread, or a server is slow: the last reading of the watch is better than a page that waits.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(200);

    /// <summary>One; null: there is no such coupon.</summary>
    public async Task<CouponDetails?> FindAsync(long couponId, CancellationToken cancellationToken)
    {
        var balance = BalanceAsync(couponId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.FindCouponAsync(couponId, cancellationToken) is not { } coupon)
            return null;
        var curve = await SaleCurve.ReadAsync(connection, couponId, cancellationToken);
        var (read, at) = await balance;
        return new CouponDetails(coupon, read, at, curve);
    }

    /// <summary>A coupon as MySQL has it, without its books; null: there is no such coupon.</summary>
    public async Task<CouponRow?> FindRowAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.FindCouponAsync(couponId, cancellationToken);
    }

    /// <summary>Rows of a coupon, by their ordinals.</summary>
    public async Task<IReadOnlyList<IssuedCouponRow>> RowsAsync(long couponId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<IssuedCouponRow>(
            new CommandDefinition(
                """
                SELECT coupon_id, ordinal, user_id, issued_at, idempotency_key_hash, persisted_at FROM issued_coupons
                WHERE coupon_id = @couponId AND ordinal > @after ORDER BY ordinal LIMIT @limit
                """,
                new
                {
                    couponId,
                    after,
                    limit,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows];
    }

    private async Task<(CouponBalance? Balance, DateTimeOffset? At)> BalanceAsync(long couponId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            // The reader checks the token between its requests to Kafka only, and one of those may block for longer: hence the second wait.
            return (await reader.ReadAsync(couponId, bounded.Token).WaitAsync(bounded.Token), time.GetUtcNow());
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested
                && (RedisFailure.Is(exception) || exception is KafkaException or OperationCanceledException or TimeoutException)
            )
        {
            var last = watch.Last();
            return (last?.Of(couponId), last?.At);
        }
    }
}

/// <summary>What the page of a coupon shows.</summary>
/// <param name="Coupon">The coupon as MySQL has it.</param>
/// <param name="Balance">Where its seats are; null: not known at the moment.</param>
/// <param name="ReadAt">When the balance was read.</param>
/// <param name="Curve">How its sale went.</param>
internal sealed record CouponDetails(CouponRow Coupon, CouponBalance? Balance, DateTimeOffset? ReadAt, SaleCurve Curve);
