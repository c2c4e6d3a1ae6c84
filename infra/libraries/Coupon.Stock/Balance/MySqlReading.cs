using System.Data;
using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Balance;

/// <summary>What MySQL says of one coupon, read at one instant, together with others.</summary>
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

    /// <summary>Open dead letters and whose they say that the seat is, which anybody who may write to the topic can claim.</summary>
    public List<(long Ordinal, long UserId)> Claims { get; } = [];

    /// <summary>Discarded by an operator: voided.</summary>
    public OrdinalSet Discarded { get; } = new();

    /// <summary>Forgotten by Redis, unless they turn up later.</summary>
    public OrdinalSet Forgotten { get; } = new();

    /// <summary>Reads those of some coupons.</summary>
    /// <param name="connection">A connection without other users meanwhile.</param>
    /// <param name="lastOrdinals">Which coupons, and up to which ordinal to look; null: up to the last that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>By coupon; those that do not exist are left out.</returns>
    public static async Task<IReadOnlyDictionary<long, MySqlReading>> ReadAsync(
        MySqlConnection connection,
        IReadOnlyDictionary<long, long?> lastOrdinals,
        CancellationToken cancellationToken
    )
    {
        // Repeatable read: all of it is one snapshot.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using (transaction)
        {
            var readings = (await connection.FindCouponsAsync(lastOrdinals.Keys, cancellationToken)).ToDictionary(
                coupon => coupon.Id,
                coupon => new MySqlReading(coupon)
            );
            if (readings.Count == 0)
                return readings;
            await ReadLettersAsync(connection, readings, cancellationToken);
            await ReadLastRowsAsync(connection, readings, cancellationToken);

            // A coupon of which nothing was issued costs no query of its own.
            foreach (var reading in readings.Values)
                await reading.ReadRowsAsync(connection, lastOrdinals[reading.Coupon.Id], cancellationToken);
            return readings;
        }
    }

    private static async Task ReadLettersAsync(
        MySqlConnection connection,
        Dictionary<long, MySqlReading> readings,
        CancellationToken cancellationToken
    )
    {
        var letters = await connection.QueryAsync<(long CouponId, long Ordinal, long? UserId, DeadLetterState State, bool IsVoided)>(
            new CommandDefinition(
                "SELECT coupon_id, ordinal, user_id, state, ordinal_voided FROM dead_letters WHERE coupon_id IN @Keys AND ordinal > 0",
                new { readings.Keys },
                cancellationToken: cancellationToken
            )
        );
        foreach (var letter in letters)
        {
            if (letter.IsVoided)
                readings[letter.CouponId].Discarded.Add(letter.Ordinal);
            else if (letter is { State: DeadLetterState.Open, UserId: { } user })
                readings[letter.CouponId].Claims.Add((letter.Ordinal, user));
            else if (letter.State is DeadLetterState.Open or DeadLetterState.Replayed)
                readings[letter.CouponId].DeadLetters.Add(letter.Ordinal);
        }

        var forgotten = await connection.QueryAsync<(long CouponId, long Ordinal)>(
            new CommandDefinition(
                "SELECT coupon_id, ordinal FROM forgotten_ordinals WHERE coupon_id IN @Keys",
                new { readings.Keys },
                cancellationToken: cancellationToken
            )
        );
        foreach (var (couponId, ordinal) in forgotten)
            readings[couponId].Forgotten.Add(ordinal);
    }

    // Along the primary key, one step for each coupon ("Using index for group-by" in EXPLAIN).
    private static async Task ReadLastRowsAsync(
        MySqlConnection connection,
        Dictionary<long, MySqlReading> readings,
        CancellationToken cancellationToken
    )
    {
        var last = await connection.QueryAsync<(long CouponId, long Ordinal)>(
            new CommandDefinition(
                "SELECT coupon_id, MAX(ordinal) FROM issued_coupons WHERE coupon_id IN @Keys GROUP BY coupon_id",
                new { readings.Keys },
                cancellationToken: cancellationToken
            )
        );
        foreach (var (couponId, ordinal) in last)
            readings[couponId].LastPersisted = ordinal;
    }

    /// <summary>Whether an ordinal that was asked for has no row.</summary>
    public bool IsWithoutRow(long ordinal) => Gaps.Exists(gap => ordinal >= gap.From && ordinal <= gap.To);

    private async Task ReadRowsAsync(MySqlConnection connection, long? lastOrdinal, CancellationToken cancellationToken)
    {
        var lastLetter = Math.Max(DeadLetters.Max, Claims.Select(claim => claim.Ordinal).DefaultIfEmpty().Max());
        var last = lastOrdinal ?? Math.Max(LastPersisted, Math.Max(lastLetter, Math.Max(Discarded.Max, Forgotten.Max)));
        if (LastPersisted > 0)
        {
            Persisted = await connection.ExecuteScalarAsync<long>(
                new CommandDefinition(
                    "SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = @Id AND ordinal <= @last",
                    new { Coupon.Id, last },
                    cancellationToken: cancellationToken
                )
            );
        }

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
