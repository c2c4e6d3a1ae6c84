using System.Globalization;
using System.Text;
using Coupon.Contracts;
using MySqlConnector;

namespace Coupon.Benchmarks.Baselines;

/// <summary>
/// The write that everybody here does: one multi-row INSERT and one count, in one durable transaction. All issuances are of one coupon.
/// The quickest form that was found: values in the text, no parameters.
/// </summary>
internal static class BatchInsert
{
    public static async Task WriteAsync(MySqlConnection connection, IReadOnlyList<CouponIssued> issuances, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(Insert(issuances));
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
            $"UPDATE coupons SET issued_quantity = issued_quantity + {issuances.Count} WHERE id = {issuances[0].CouponId}"));
        await transaction.CommitAsync(cancellationToken);

        async Task ExecuteAsync(string sql)
        {
#pragma warning disable CA2100 // Nothing but numbers and times is in it.
            await using var command = new MySqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Insert(IReadOnlyList<CouponIssued> issuances)
    {
        var sql = new StringBuilder("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES ", issuances.Count * 64);
        foreach (var issued in issuances)
        {
            var issuedAt = issued.IssuedAt.UtcDateTime;
            sql.Append(CultureInfo.InvariantCulture, $"({issued.CouponId},{issued.Ordinal},{issued.UserId},'{issuedAt:s}.{issuedAt.Millisecond:D3}'),");
        }
        return sql.Remove(sql.Length - 1, 1).ToString();
    }
}
