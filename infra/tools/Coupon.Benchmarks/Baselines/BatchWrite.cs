using System.Globalization;
using System.Text;
using Coupon.Contracts;
using MySqlConnector;

namespace Coupon.Benchmarks.Baselines;

/// <summary>The write of every baseline: all rows in one statement and one count, in one durable transaction, all of one coupon.</summary>
internal static class BatchWrite
{
    /// <summary>Multi-row INSERT, in the quickest form that was found: values in the text, no parameters.</summary>
    public static Task InsertAsync(MySqlConnection connection, IReadOnlyList<CouponIssued> issuances, CancellationToken cancellationToken) =>
        WriteAsync(connection, issuances, transaction => ExecuteAsync(transaction, Insert(issuances), cancellationToken), cancellationToken);

    /// <summary>LOAD DATA LOCAL: the same rows as lines, which MySQL reads faster.</summary>
    public static Task LoadAsync(MySqlConnection connection, IReadOnlyList<CouponIssued> issuances, CancellationToken cancellationToken) =>
        WriteAsync(connection, issuances, _ => Loader(connection, issuances).LoadAsync(cancellationToken), cancellationToken);

    private static async Task WriteAsync(
        MySqlConnection connection,
        IReadOnlyList<CouponIssued> issuances,
        Func<MySqlTransaction, Task<int>> write,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken);
        var rows = await write(transaction);
        if (rows != issuances.Count)
            throw new InvalidOperationException($"{rows} of {issuances.Count} rows were written.");
        await ExecuteAsync(
            transaction,
            string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE coupons SET issued_quantity = issued_quantity + {rows} WHERE id = {issuances[0].CouponId}"
            ),
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(MySqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Nothing but numbers and times is in it.
        await using var command = new MySqlCommand(sql, transaction.Connection, transaction);
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Insert(IReadOnlyList<CouponIssued> issuances)
    {
        var sql = Rows("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES ", "(", "'", "),", issuances);
        return sql.Remove(sql.Length - 1, 1).ToString();
    }

    private static MySqlBulkLoader Loader(MySqlConnection connection, IReadOnlyList<CouponIssued> issuances) =>
        new(connection)
        {
            TableName = "issued_coupons",
            Columns = { "coupon_id", "ordinal", "user_id", "issued_at" },
            FieldTerminator = ",",
            LineTerminator = "\n",
            SourceStream = new MemoryStream(Encoding.ASCII.GetBytes(Rows("", "", "", "\n", issuances).ToString())),
        };

    private static StringBuilder Rows(string start, string open, string quote, string close, IReadOnlyList<CouponIssued> issuances)
    {
        var text = new StringBuilder(start, issuances.Count * 64);
        foreach (var issued in issuances)
        {
            var issuedAt = issued.IssuedAt.UtcDateTime;
            text.Append(
                CultureInfo.InvariantCulture,
                $"{open}{issued.CouponId},{issued.Ordinal},{issued.UserId},{quote}{issuedAt:s}.{issuedAt.Millisecond:D3}{quote}{close}"
            );
        }
        return text;
    }
}
