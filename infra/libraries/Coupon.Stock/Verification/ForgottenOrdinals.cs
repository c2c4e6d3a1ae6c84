using System.Data;
using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.Verification;

/// <summary>Keeps the list of forgotten ordinals and returns their seats to the stock, in one transaction.</summary>
internal sealed class ForgottenOrdinals(MySqlDataSource database)
{
    private const int OrdinalsAtOnce = 1_000;

    /// <summary>Records new ones, and takes back those that have turned up after all.</summary>
    public async Task RecordAsync(long couponId, long verificationId, List<long> forgotten, List<long> found, CancellationToken cancellationToken)
    {
        if (forgotten.Count == 0 && found.Count == 0)
            return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // REPEATABLE READ: the lock below has to reach the gap behind the last verification, into which a later one is inserted.
        await using var transaction = await connection.BeginLockingAsync(IsolationLevel.RepeatableRead, cancellationToken);

        // A verifier that was frozen in between knows less than one that has come after it. The lock keeps others from beginning until this one has
        // written.
        var later = await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition(
                "SELECT MAX(id) FROM stock_verifications WHERE id > @verificationId AND fenced_at IS NOT NULL LOCK IN SHARE MODE",
                new { verificationId },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (later is not null)
            throw new VerificationInterruptedException("A later verification has begun.");
        foreach (var ordinals in forgotten.Chunk(OrdinalsAtOnce))
        {
            var rows = string.Join(',', ordinals.Select(ordinal => $"(@couponId,{ordinal},@verificationId,UTC_TIMESTAMP(3))"));
            await connection.ExecuteAsync(
                new CommandDefinition(
                    $"INSERT INTO forgotten_ordinals (coupon_id, ordinal, verification_id, forgotten_at) VALUES {rows}",
                    new { couponId, verificationId },
                    flags: CommandFlags.NoCache,
                    cancellationToken: cancellationToken
                )
            );
        }

        var foundNow = 0;
        foreach (var ordinals in found.Chunk(OrdinalsAtOnce))
        {
            foundNow += await connection.ExecuteAsync(
                new CommandDefinition(
                    "DELETE FROM forgotten_ordinals WHERE coupon_id = @couponId AND ordinal IN @ordinals",
                    new { couponId, ordinals },
                    cancellationToken: cancellationToken
                )
            );
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE coupons
                SET voided_quantity = voided_quantity + @change, returned_quantity = returned_quantity + @change,
                  retaken_quantity = retaken_quantity + @foundNow
                WHERE id = @couponId
                """,
                new
                {
                    couponId,
                    change = forgotten.Count - foundNow,
                    foundNow,
                },
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
    }
}
