using Coupon.Database;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>
/// Looks coupons up in MySQL, and remembers for a moment which ids exist and which do not. Look-ups at the same time share a statement, so a flood of
/// invented ids gets correct answers for a few statements.
/// </summary>
internal sealed class CouponLookUp
{
    private const int MostStatements = 4;
    private const int MostIds = 500;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan _missingFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _knownFor = TimeSpan.FromSeconds(10);

    private readonly MySqlDataSource _database;
    private readonly SharedReads<CouponRow?> _rows;
    private readonly RecentFindings<bool> _missing;
    private readonly RecentFindings<bool> _known;

    public CouponLookUp(MySqlDataSource database, TimeProvider time)
    {
        _database = database;
        _missing = new RecentFindings<bool>(_missingFor, MostRemembered, time);
        _known = new RecentFindings<bool>(_knownFor, MostRemembered, time);
        _rows = new SharedReads<CouponRow?>(MostStatements, MostIds, ReadAsync);
    }

    /// <summary>The current row of a coupon.</summary>
    /// <returns>Null: MySQL does not have it, or did not have it a moment ago.</returns>
    /// <exception cref="MySqlException">MySQL does not answer.</exception>
    public async ValueTask<CouponRow?> FindAsync(long couponId, CancellationToken cancellationToken) =>
        couponId <= 0 || _missing.TryGet(couponId, out _) ? null : await _rows.AskAsync(couponId, cancellationToken);

    /// <summary>Whether MySQL has a coupon, or had it a moment ago.</summary>
    /// <exception cref="MySqlException">MySQL does not answer.</exception>
    public async ValueTask<bool> ExistsAsync(long couponId, CancellationToken cancellationToken) =>
        _known.TryGet(couponId, out _) || await FindAsync(couponId, cancellationToken) is not null;

    private async Task<Func<long, CouponRow?>> ReadAsync(long[] ids)
    {
        await using var connection = await _database.OpenConnectionAsync();
        var found = (await connection.FindCouponsAsync(ids, CancellationToken.None)).ToDictionary(row => row.Id);
        foreach (var id in ids)
            (found.ContainsKey(id) ? _known : _missing).Remember(id, true);
        return id => found.GetValueOrDefault(id);
    }
}
