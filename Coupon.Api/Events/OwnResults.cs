using System.Text.Json;
using Coupon.Api.Http;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Finding;
using Dapper;
using MySqlConnector;

namespace Coupon.Api.Events;

/// <summary>
/// Finds what became of the presses of users who watch: their rows, with one statement for many. What has no row yet may still be lost by a Redis
/// that fails, unless this instance answers for it, so it is told by the status alone.
/// </summary>
internal sealed class OwnResults(MySqlDataSource database)
{
    private const int UsersAtOnce = 1000;

    /// <summary>Those that have a row, as <c>GET /coupons/{couponId}/issuances/{userId}</c> has it.</summary>
    public async Task<IReadOnlyDictionary<long, byte[]>> FindAsync(long couponId, IReadOnlyList<long> users, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, byte[]>();
        foreach (var some in users.Chunk(UsersAtOnce))
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var rows = await connection.QueryAsync<(long UserId, long Ordinal, DateTime IssuedAt, DateTime PersistedAt)>(
                new CommandDefinition(
                    "SELECT user_id, ordinal, issued_at, persisted_at FROM issued_coupons WHERE user_id IN @some AND coupon_id = @couponId",
                    new { some, couponId },
                    cancellationToken: cancellationToken
                )
            );
            foreach (var (userId, ordinal, issuedAt, persistedAt) in rows)
            {
                var status = new IssuanceStatusResponse(
                    IssuanceId.Of(couponId, ordinal),
                    couponId,
                    ordinal,
                    userId,
                    issuedAt,
                    IssuanceStatus.Issued,
                    persistedAt
                );
                found[userId] = JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.IssuanceStatusResponse);
            }
        }

        return found;
    }
}
