using Dapper;
using MySqlConnector;

namespace Coupon.Consumers.Monitoring;

/// <summary>
/// How a sale went: how many had been accepted, and written, at which time. Read from some of its rows, spread evenly over the ordinals.
/// </summary>
/// <param name="Accepted">When the n-th seat was accepted, in the order of time.</param>
/// <param name="Written">When about n rows had been written, in the order of time.</param>
internal sealed record SaleCurve(IReadOnlyList<SalePoint> Accepted, IReadOnlyList<SalePoint> Written)
{
    private const int Points = 100;

    /// <summary>Reads it: one row of MySQL a point, however many were sold.</summary>
    /// <returns>Without points where nothing has been written.</returns>
    public static async Task<SaleCurve> ReadAsync(MySqlConnection connection, long couponId, CancellationToken cancellationToken)
    {
        var last = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT COALESCE(MAX(ordinal), 0) FROM issued_coupons WHERE coupon_id = @couponId",
                new { couponId },
                cancellationToken: cancellationToken
            )
        );
        if (last == 0)
            return new SaleCurve([], []);
        var ordinals = Enumerable.Range(0, Points + 1).Select(point => Math.Max(1, last * point / Points)).Distinct().ToArray();
        var rows = (
            await connection.QueryAsync<(long Ordinal, DateTime IssuedAt, DateTime PersistedAt)>(
                new CommandDefinition(
                    """
                    SELECT ordinal, issued_at, persisted_at FROM issued_coupons WHERE coupon_id = @couponId AND ordinal IN @ordinals ORDER BY ordinal
                    """,
                    new { couponId, ordinals },
                    cancellationToken: cancellationToken
                )
            )
        ).ToList();
        return new SaleCurve(Rising(rows, row => row.IssuedAt), Rising(rows, row => row.PersistedAt));
    }

    // Batches are not written in the order of their ordinals: the n-th smallest time belongs to about the n-th of them.
    private static List<SalePoint> Rising(
        List<(long Ordinal, DateTime IssuedAt, DateTime PersistedAt)> rows,
        Func<(long Ordinal, DateTime IssuedAt, DateTime PersistedAt), DateTime> time
    ) => [.. rows.Select(time).Order().Zip(rows, (at, row) => new SalePoint(at, row.Ordinal))];
}

/// <summary>A point of a curve.</summary>
/// <param name="At">The time (UTC).</param>
/// <param name="Count">How many by then.</param>
internal sealed record SalePoint(DateTime At, long Count);
