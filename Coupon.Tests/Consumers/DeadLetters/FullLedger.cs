using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>A ledger after a bad night: tens of thousands of dead letters, of hundreds of coupons.</summary>
internal static class FullLedger
{
    /// <summary>Of five letters four are open; every cause failed in one place, <c>unknown-coupon</c> in none that is known.</summary>
    /// <param name="database">The connection string of a migrated database.</param>
    /// <param name="letters">How many dead letters.</param>
    /// <param name="coupons">How many coupons they are spread over, with the ids 1, 2, 3 …</param>
    public static async Task FillAsync(string database, int letters = 50_000, int coupons = 500)
    {
        await using var connection = new MySqlConnection(database);
        await connection.OpenAsync();
        await connection.ExecuteAsync(
            $$"""
            INSERT INTO coupons (id, title, total_quantity, issued_quantity, created_at)
            SELECT n, CONCAT('Coupon no. ', n), 1000, 0, '2026-05-01' FROM ({{Numbers}}) AS numbers WHERE n <= @coupons;
            INSERT INTO dead_letters (id, topic, partition_id, offset_id, consumer_group, state, cause, coupon_id, ordinal, user_id, message_key,
              message_value, headers, exception_type, exception_message, failed_in, attempts, first_failed_at, last_failed_at, replay_count,
              seat_return_requested, recorded_at, updated_at)
            SELECT n, 'coupon-issued', n % 12, n, 'persistence', IF(n % 5 = 0, 'Resolved', 'Open'),
              ELT(1 + n % 4, 'over-issued', 'unknown-coupon', 'ordinal-taken', 'undecodable'), 1 + n % @coupons, 1 + n DIV @coupons, 1000 + n,
              '12345678', CONCAT('{"couponId":', 1 + n % @coupons, ',"ordinal":', 1 + n DIV @coupons, ',"userId":', 1000 + n,
                ',"issuedAt":"2026-05-01T12:00:00+00:00","idempotencyKeyHash":123456789012345678}'),
              CONCAT('[{"name":"traceparent","text":"00-', REPEAT('0af7651916cd43dd', 2), '-b7ad6b7169203331-01"},{"name":"MT-Host","text":"',
                REPEAT('a host ', 30), '"}]'),
              'Coupon.Consumers.Issuing.RejectedIssuanceException', CONCAT('Ordinal ', n, ' is refused: ', REPEAT('a reason ', 20)),
              ELT(1 + n % 4, 'Coupon.Consumers.Issuing.WriteTransaction.RunAsync', NULL, 'Coupon.Consumers.Issuing.BatchReconciliation.Of',
                'Coupon.Consumers.Issuing.CouponIssuedDeserializer.Deserialize'),
              3, '2026-05-01 12:00:00' + INTERVAL n SECOND, '2026-05-01 12:00:10' + INTERVAL n SECOND, 0, 0, '2026-05-02', '2026-05-02'
            FROM ({{Numbers}}) AS numbers WHERE n <= @letters;
            ANALYZE TABLE coupons, dead_letters;
            """,
            new { letters, coupons },
            commandTimeout: 120
        );
    }

    // 1 to 100,000. A recursive query would stop at 1,000 steps.
    private const string Digits =
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 "
        + "UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";

    private const string Numbers =
        "SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n FROM "
        + Digits
        + " AS a, "
        + Digits
        + " AS b, "
        + Digits
        + " AS c, "
        + Digits
        + " AS e, "
        + Digits
        + " AS f";
}
