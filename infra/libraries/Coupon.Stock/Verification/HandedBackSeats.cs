using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Verification;

/// <summary>
/// What instances hand back through MySQL, because they do not reach the Redis that is verified. It stays there until a verification has put it into
/// Redis.
/// </summary>
internal sealed class HandedBackSeats(MySqlDataSource database)
{
    private const int SeatsAtOnce = 1_000;

    /// <summary>Adds some; those that are there stay.</summary>
    public async Task AddAsync(IReadOnlyCollection<HeldSeat> seats, CancellationToken cancellationToken)
    {
        if (seats.Count == 0)
            return;
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            foreach (var some in seats.Chunk(SeatsAtOnce))
            {
                // Numbers only: nothing to quote.
                var rows = string.Join(
                    ',',
                    some.Select(seat =>
                        FormattableString.Invariant(
                            $"({seat.CouponId},{seat.Ordinal},{seat.UserId},{seat.IssuedAtMs},{(seat.KeyHash is { } key ? key : "NULL")})"
                        )
                    )
                );
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        $"""
                        INSERT INTO handed_back_seats (coupon_id, ordinal, user_id, issued_at_ms, idempotency_key_hash) VALUES {rows}
                        ON DUPLICATE KEY UPDATE issued_at_ms = issued_at_ms
                        """,
                        flags: CommandFlags.NoCache,
                        cancellationToken: cancellationToken
                    )
                );
            }
        }
    }

    /// <summary>All that there are.</summary>
    public async Task<List<HeldSeat>> ReadAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var rows = await connection.QueryAsync<(long CouponId, long Ordinal, long UserId, long IssuedAtMs, long? KeyHash)>(
                new CommandDefinition(
                    "SELECT coupon_id, ordinal, user_id, issued_at_ms, idempotency_key_hash FROM handed_back_seats",
                    cancellationToken: cancellationToken
                )
            );
            return [.. rows.Select(row => new HeldSeat(row.CouponId, row.Ordinal, row.UserId, row.IssuedAtMs, row.KeyHash))];
        }
    }

    /// <summary>The coupons of which there are any, a thousand at most.</summary>
    public async Task<List<long>> CouponsAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            return (
                await connection.QueryAsync<long>(
                    new CommandDefinition(
                        "SELECT DISTINCT seat.coupon_id FROM handed_back_seats seat JOIN coupons coupon ON coupon.id = seat.coupon_id LIMIT 1000",
                        cancellationToken: cancellationToken
                    )
                )
            ).AsList();
        }
    }

    /// <summary>Removes some, once Redis has them.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<HeldSeat> seats, CancellationToken cancellationToken)
    {
        if (seats.Count == 0)
            return;
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            foreach (var some in seats.Chunk(SeatsAtOnce))
            {
                var keys = string.Join(',', some.Select(seat => FormattableString.Invariant($"({seat.CouponId},{seat.Ordinal},{seat.UserId})")));
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        $"DELETE FROM handed_back_seats WHERE (coupon_id, ordinal, user_id) IN ({keys})",
                        flags: CommandFlags.NoCache,
                        cancellationToken: cancellationToken
                    )
                );
            }
        }
    }
}
