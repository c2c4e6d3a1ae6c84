using Coupon.Database;
using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Verification;

/// <summary>An instance that a verification waits for.</summary>
/// <param name="Id">New at each start.</param>
/// <param name="Name">Host and process, for people.</param>
/// <param name="SeenAt">Its last sign of life.</param>
/// <param name="WithinMs">Without another one for so long, its lease has ended.</param>
/// <param name="Settled">For what it has handed back (<see cref="SettledVerifications"/>).</param>
internal sealed record UnsettledInstance(string Id, string Name, DateTime SeenAt, int WithinMs, string Settled);

/// <summary>Verifications as MySQL records them: their process, their findings, and the instances that have not settled yet.</summary>
internal sealed class VerificationLog(MySqlDataSource database)
{
    private const int MaxReasonLength = 500;

    /// <summary>Records that one begins.</summary>
    /// <param name="shard">Of which shard.</param>
    /// <param name="everyCoupon">Whether it is of everything.</param>
    /// <param name="reason">Why.</param>
    /// <param name="requestedBy">The host and process that run it.</param>
    /// <param name="lastKnown">The last one that any other process knows of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id, larger than that of all before.</returns>
    public async Task<long> OpenAsync(
        Shard shard,
        bool everyCoupon,
        string reason,
        string requestedBy,
        long lastKnown,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Milliseconds since 2026, not a counter of the database: that goes back with the database, and an instance that knows of a later
        // verification would not see this one.
        var id = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                """
                SELECT GREATEST(TIMESTAMPDIFF(MICROSECOND, @beginning, UTC_TIMESTAMP(3)) DIV 1000, @lastKnown + 1, COALESCE(MAX(id), 0) + 1)
                FROM stock_verifications
                """,
                new { beginning = CouponId.Beginning, lastKnown },
                cancellationToken: cancellationToken
            )
        );
        while (!await TryInsertAsync(connection, id, shard, everyCoupon, reason, requestedBy, cancellationToken))
            id++;
        return id;
    }

    // False: another one has that id.
    private static async Task<bool> TryInsertAsync(
        MySqlConnection connection,
        long id,
        Shard shard,
        bool everyCoupon,
        string reason,
        string requestedBy,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO stock_verifications
                      (id, shard, slots, every_coupon, reason, requested_by, requested_at, coupons, users_added, ordinals_moved, outbox_added,
                       ordinals_forgotten)
                    VALUES (@id, @shard, @slots, @everyCoupon, @reason, @requestedBy, UTC_TIMESTAMP(3), 0, 0, 0, 0, 0)
                    """,
                    new
                    {
                        id,
                        shard = shard.Name,
                        slots = shard.Slots?.ToString(),
                        everyCoupon,
                        reason = reason.Length > MaxReasonLength ? reason[..MaxReasonLength] : reason,
                        requestedBy,
                    },
                    cancellationToken: cancellationToken
                )
            );
            return true;
        }
        catch (MySqlException exception) when (DatabaseFailure.IsDuplicateKey(exception))
        {
            return false;
        }
    }

    /// <summary>
    /// The coupons sell nothing now: from here on, instances hand back their unconfirmed issuances, to the Redis that is verified and to no other.
    /// </summary>
    public async Task FencedAsync(long id, RedisIdentity redis, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE stock_verifications SET fenced_at = UTC_TIMESTAMP(3), redis = @redis WHERE id = @id",
                new { id, redis = redis.Name },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>The instances that MySQL knows and that have not handed back for a verification of a shard, or a later one.</summary>
    public async Task<List<UnsettledInstance>> UnsettledAsync(long id, Shard shard, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var instances = await connection.QueryAsync<UnsettledInstance>(
            new CommandDefinition(
                "SELECT id AS Id, name AS Name, seen_at AS SeenAt, settles_within_ms AS WithinMs, settled AS Settled FROM stock_instances",
                cancellationToken: cancellationToken
            )
        );
        return [.. instances.Where(instance => SettledVerifications.Parse(instance.Settled).Of(shard.Name) < id)];
    }

    /// <summary>Takes an instance off that has not shown itself since it was read: no later verification waits for it.</summary>
    /// <returns>False: it has shown itself.</returns>
    public async Task<bool> GiveUpAsync(UnsettledInstance instance, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
                new CommandDefinition(
                    "DELETE FROM stock_instances WHERE id = @Id AND seen_at = @SeenAt",
                    instance,
                    cancellationToken: cancellationToken
                )
            ) > 0;
    }

    /// <summary>Whether a later verification of a shard waits or has waited: its Redis is the one that counts.</summary>
    public async Task<bool> IsOvertakenAsync(long id, Shard shard, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM stock_verifications WHERE id > @id AND shard = @shard AND fenced_at IS NOT NULL)",
                new { id, shard = shard.Name },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>The last verification of everything in a shard that has been completed; 0: none.</summary>
    public async Task<long> LastOfEverythingAsync(Shard shard, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT COALESCE(MAX(id), 0) FROM stock_verifications WHERE every_coupon AND shard = @shard AND completed_at IS NOT NULL",
                new { shard = shard.Name },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>Records the findings.</summary>
    public async Task CompletedAsync(VerificationReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = report.Coupons;
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE stock_verifications
                SET completed_at = UTC_TIMESTAMP(3), coupons = @coupons, users_added = @usersAdded, ordinals_moved = @ordinalsMoved,
                  outbox_added = @outboxAdded,
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
                cancellationToken: cancellationToken
            )
        );
    }
}
