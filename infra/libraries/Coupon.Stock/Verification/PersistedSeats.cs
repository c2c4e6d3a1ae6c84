using Coupon.Database;
using Coupon.Stock.Tail;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Verification;

/// <summary>What MySQL knows of the seats of one coupon.</summary>
internal sealed class PersistedSeats(MySqlDataSource database)
{
    /// <summary>The rows, streamed by ordinal.</summary>
    public async Task ReadRowsAsync(long couponId, Func<HeldSeat, Task> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<(long Ordinal, long UserId, DateTime IssuedAt, long? KeyHash)>(
            "SELECT ordinal, user_id, issued_at, idempotency_key_hash FROM issued_coupons WHERE coupon_id = @couponId ORDER BY ordinal",
            new { couponId }
        );
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var seat = new HeldSeat(couponId, row.Ordinal, row.UserId, new DateTimeOffset(row.IssuedAt).ToUnixTimeMilliseconds(), row.KeyHash);
            await read(seat);
        }
    }

    /// <summary>The dead letters: each was a seat that a user was given, and holds it unless an operator has returned it to the stock.</summary>
    public async Task<(List<HeldSeat> Held, HashSet<HeldSeat> Returned)> DeadLettersAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var letters = await connection.QueryAsync<(byte[]? Value, bool IsReturned)>(
            new CommandDefinition(
                """
                SELECT message_value, state = @discarded AND seat_return_requested
                FROM dead_letters WHERE coupon_id = @couponId AND ordinal IS NOT NULL AND (state <> @discarded OR ordinal_voided)
                """,
                new { couponId, discarded = nameof(DeadLetterState.Discarded) },
                cancellationToken: cancellationToken
            )
        );
        var (held, returned) = (new List<HeldSeat>(), new HashSet<HeldSeat>());
        foreach (var letter in letters)
        {
            if (!CouponIssuedReader.TryReadSeat(letter.Value, out var seat) || seat.CouponId != couponId)
                continue;
            if (letter.IsReturned)
                returned.Add(seat);
            else
                held.Add(seat);
        }

        return (held, returned);
    }

    /// <summary>The ordinals that are recorded as forgotten.</summary>
    public async Task<List<long>> ForgottenAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (
            await connection.QueryAsync<long>(
                new CommandDefinition(
                    "SELECT ordinal FROM forgotten_ordinals WHERE coupon_id = @couponId",
                    new { couponId },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
    }

    /// <summary>The terms as they are now; null: the coupon does not exist.</summary>
    public async Task<CouponTerms?> TermsAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.FindCouponAsync(couponId, cancellationToken);
        return row is null ? null : CouponTerms.Of(row);
    }
}
