using System.Data;
using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Balance;

/// <summary>What MySQL says of one coupon, read at one instant.</summary>
internal sealed class MySqlReading
{
    private const string LastOrdinal = "SELECT COALESCE(MAX(ordinal), 0) FROM issued_coupons WHERE coupon_id = @Id AND ordinal <= @last";

    private MySqlReading(CouponRow coupon) => Coupon = coupon;

    /// <summary>The coupon's row.</summary>
    public CouponRow Coupon { get; }

    /// <summary>How many rows there are up to the last ordinal asked for.</summary>
    public long Persisted { get; private set; }

    /// <summary>The largest ordinal of a row; 0: none.</summary>
    public long LastPersisted { get; private set; }

    /// <summary>The ordinals up to the last one asked for that have no row, as ranges (both ends inclusive), ascending.</summary>
    public List<(long From, long To)> Gaps { get; } = [];

    /// <summary>Dead letters that hold their seat.</summary>
    public OrdinalSet DeadLetters { get; } = new();

    /// <summary>Discarded by an operator: voided.</summary>
    public OrdinalSet Discarded { get; } = new();

    /// <summary>Forgotten by Redis, unless they turn up later.</summary>
    public OrdinalSet Forgotten { get; } = new();

    /// <summary>Reads it.</summary>
    /// <param name="connection">A connection without other users meanwhile.</param>
    /// <param name="couponId">The coupon.</param>
    /// <param name="lastOrdinal">Up to which ordinal to look; null: up to the last that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: there is no such coupon.</returns>
    public static async Task<MySqlReading?> ReadAsync(
        MySqlConnection connection,
        long couponId,
        long? lastOrdinal,
        CancellationToken cancellationToken
    )
    {
        // Repeatable read: all of it is one snapshot.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using (transaction)
        {
            var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
            if (coupon is null)
                return null;
            var reading = new MySqlReading(coupon);
            await reading.ReadLettersAsync(connection, cancellationToken);
            await reading.ReadRowsAsync(connection, lastOrdinal, cancellationToken);
            return reading;
        }
    }

    private async Task ReadLettersAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var letters = await connection.QueryAsync<(long Ordinal, DeadLetterState State, bool IsVoided)>(
            new CommandDefinition(
                "SELECT ordinal, state, ordinal_voided FROM dead_letters WHERE coupon_id = @Id AND ordinal > 0",
                Coupon,
                cancellationToken: cancellationToken
            )
        );
        foreach (var letter in letters)
        {
            if (letter.IsVoided)
                Discarded.Add(letter.Ordinal);
            else if (letter.State is DeadLetterState.Open or DeadLetterState.Replayed)
                DeadLetters.Add(letter.Ordinal);
        }

        var forgotten = await connection.QueryAsync<long>(
            new CommandDefinition("SELECT ordinal FROM forgotten_ordinals WHERE coupon_id = @Id", Coupon, cancellationToken: cancellationToken)
        );
        foreach (var ordinal in forgotten)
            Forgotten.Add(ordinal);
    }

    private async Task ReadRowsAsync(MySqlConnection connection, long? lastOrdinal, CancellationToken cancellationToken)
    {
        LastPersisted = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(LastOrdinal, new { Coupon.Id, last = long.MaxValue }, cancellationToken: cancellationToken)
        );
        var last = lastOrdinal ?? Math.Max(LastPersisted, Math.Max(DeadLetters.Max, Math.Max(Discarded.Max, Forgotten.Max)));
        Persisted = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = @Id AND ordinal <= @last",
                new { Coupon.Id, last },
                cancellationToken: cancellationToken
            )
        );
        if (Persisted == last)
            return;

        // One walk along the primary key, and only where something is missing at all.
        var before = await connection.QueryAsync<(long From, long To)>(
            new CommandDefinition(
                """
                SELECT previous + 1, ordinal - 1
                FROM (
                  SELECT ordinal, COALESCE(LAG(ordinal) OVER (ORDER BY ordinal), 0) AS previous
                  FROM issued_coupons WHERE coupon_id = @Id AND ordinal <= @last
                ) AS walked
                WHERE ordinal > previous + 1
                """,
                new { Coupon.Id, last },
                cancellationToken: cancellationToken
            )
        );
        Gaps.AddRange(before.Order());
        var end = Math.Min(LastPersisted, last);
        if (LastPersisted > last)
            end = await connection.ExecuteScalarAsync<long>(
                new CommandDefinition(LastOrdinal, new { Coupon.Id, last }, cancellationToken: cancellationToken)
            );
        if (end < last)
            Gaps.Add((end + 1, last));
    }
}
