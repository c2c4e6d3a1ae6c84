using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Verification;

/// <summary>Verifications as MySQL records them: who runs one, what was found, and which instances have not answered yet.</summary>
internal sealed class VerificationLog(MySqlDataSource database)
{
    private const int MaxReasonLength = 500;

    /// <summary>Records that one begins.</summary>
    /// <param name="everyCoupon">Whether it is of everything.</param>
    /// <param name="reason">Why.</param>
    /// <param name="requestedBy">By whom.</param>
    /// <param name="lastKnown">The last one that anybody else knows of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id, larger than that of all before.</returns>
    public async Task<long> OpenAsync(bool everyCoupon, string reason, string requestedBy, long lastKnown, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

        // Milliseconds since 2026, not a counter of the database: that goes back with it, and whoever knows of a later one would not see this one.
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            SELECT GREATEST(TIMESTAMPDIFF(MICROSECOND, @beginning, UTC_TIMESTAMP(3)) DIV 1000, @lastKnown + 1, COALESCE(MAX(id), 0) + 1)
            FROM stock_verifications
            """, new { beginning = CouponId.Beginning, lastKnown }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        while (!await TryInsertAsync(connection, id, everyCoupon, reason, requestedBy, cancellationToken).ConfigureAwait(false)) id++;
        return id;
    }

    // False: another one has that id.
    private static async Task<bool> TryInsertAsync(
        MySqlConnection connection, long id, bool everyCoupon, string reason, string requestedBy, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO stock_verifications
                  (id, every_coupon, reason, requested_by, requested_at, coupons, users_added, ordinals_moved, outbox_added, ordinals_forgotten)
                VALUES (@id, @everyCoupon, @reason, @requestedBy, UTC_TIMESTAMP(3), 0, 0, 0, 0, 0)
                """,
                new { id, everyCoupon, reason = reason.Length > MaxReasonLength ? reason[..MaxReasonLength] : reason, requestedBy },
                cancellationToken: cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (MySqlException exception) when (DatabaseFailure.IsDuplicateKey(exception))
        {
            return false;
        }
    }

    /// <summary>The coupons sell nothing now: from here on, instances hand back what they have under way, to the Redis that is verified and to no other.</summary>
    public async Task FencedAsync(long id, RedisIdentity redis, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE stock_verifications SET fenced_at = UTC_TIMESTAMP(3), redis = @redis WHERE id = @id",
            new { id, redis = redis.Name }, cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>
    /// The instances that still have to answer. One that has not shown itself for longer than anything it sent can be under way is waited for
    /// only as long as a live one needs to answer; no instance is waited for longer than what it has under way can take. That an instance has settled
    /// for a later verification counts only where that one is of the same Redis.
    /// </summary>
    public async Task<List<string>> UnsettledAsync(long id, TimeSpan answerTimeout, CancellationToken cancellationToken)
    {
        var answer = (long)answerTimeout.TotalMicroseconds;
        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            """
            SELECT instance.name
            FROM stock_instances AS instance
            JOIN stock_verifications AS verification ON verification.id = @id
            LEFT JOIN stock_verifications AS settled ON settled.id = instance.settled_verification
            WHERE (instance.settled_verification < verification.id OR settled.redis <> verification.redis)
              AND UTC_TIMESTAMP(3) < LEAST(
                TIMESTAMPADD(MICROSECOND, instance.settles_within_ms * 1000 + @answer, verification.fenced_at),
                GREATEST(
                  TIMESTAMPADD(MICROSECOND, instance.settles_within_ms * 1000, instance.seen_at),
                  TIMESTAMPADD(MICROSECOND, @answer, verification.fenced_at)))
            """, new { id, answer }, cancellationToken: cancellationToken)).ConfigureAwait(false)).AsList();
    }

    /// <summary>Records the findings.</summary>
    public async Task CompletedAsync(VerificationReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var found = report.Coupons;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE stock_verifications
            SET completed_at = UTC_TIMESTAMP(3), coupons = @coupons, users_added = @usersAdded, ordinals_moved = @ordinalsMoved, outbox_added = @outboxAdded,
                ordinals_forgotten = @ordinalsForgotten
            WHERE id = @id
            """,
            new
            {
                id = report.Id,
                coupons = found.Count,
                usersAdded = found.Sum(coupon => coupon.UsersAdded),
                ordinalsMoved = found.Sum(coupon => coupon.OrdinalAfter - coupon.OrdinalBefore),
                outboxAdded = found.Sum(coupon => coupon.OutboxAdded),
                ordinalsForgotten = found.Sum(coupon => coupon.OrdinalsForgotten),
            },
            cancellationToken: cancellationToken)).ConfigureAwait(false);
    }
}
