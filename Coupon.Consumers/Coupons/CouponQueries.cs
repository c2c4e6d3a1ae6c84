using Dapper;
using MySqlConnector;

namespace Coupon.Consumers.Coupons;

/// <summary>Reads coupons from MySQL alone, so also while Redis is away.</summary>
internal sealed class CouponQueries(MySqlDataSource database)
{
    private const string Selection = """
        SELECT * FROM (
          SELECT id, title, total_quantity, issued_quantity AS persisted, voided_quantity AS voided, returned_quantity AS returned,
            opens_at, closes_at, closed_at, created_at,
            CASE
              WHEN closed_at IS NOT NULL OR closes_at <= UTC_TIMESTAMP(3) THEN 'Closed'
              WHEN opens_at > UTC_TIMESTAMP(3) THEN 'Scheduled'
              ELSE 'Open'
            END AS stage
          FROM coupons
        ) AS coupon
        """;

    /// <summary>Some coupons, the newest first.</summary>
    /// <param name="stage">In this stage; null: in any.</param>
    /// <param name="before">Only coupons whose id is smaller.</param>
    /// <param name="limit">The most coupons to read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CouponView>> ListAsync(CouponStage? stage, long before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<CouponView>(
            new CommandDefinition(
                $"{Selection} WHERE id < @before AND (@stage IS NULL OR stage = @stage) ORDER BY id DESC LIMIT @limit",
                new
                {
                    before,
                    stage = stage?.ToString(),
                    limit,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. found];
    }

    /// <summary>One coupon; null: there is none.</summary>
    public async Task<CouponView?> FindAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<CouponView>(
            new CommandDefinition($"{Selection} WHERE id = @couponId", new { couponId }, cancellationToken: cancellationToken)
        );
    }

    /// <summary>The number of coupons in each stage that has any.</summary>
    public async Task<IReadOnlyDictionary<CouponStage, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string Stage, long Count)>(
            new CommandDefinition($"SELECT stage, COUNT(*) FROM ({Selection}) AS staged GROUP BY stage", cancellationToken: cancellationToken)
        );
        return counts.ToDictionary(each => Enum.Parse<CouponStage>(each.Stage), each => each.Count);
    }
}
