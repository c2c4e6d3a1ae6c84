using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// The statements by which a batch of written issuances resolves the dead letters that it replays. They contain numbers and constants only, so there
/// is nothing to escape.
/// </summary>
internal static class DeadLetterSql
{
    private static readonly DeadLetterTransition _resolve = DeadLetterTransition.Resolve;

    /// <summary>The dead letters that may be resolved, as <see cref="ReplayedEntry"/> reads them, locked until the transaction ends.</summary>
    public static string LockReplayed(IEnumerable<long> ids) =>
        $"""
            SELECT id, topic, partition_id, offset_id, coupon_id, ordinal, user_id, replayed_coupon_id, replayed_ordinal, replayed_user_id
            FROM dead_letters WHERE id IN ({string.Join(',', ids)}) AND {_resolve.Condition} ORDER BY id FOR UPDATE
            """;

    /// <summary>Resolves dead letters. In the transaction that writes their rows, so that neither happens without the other.</summary>
    public static string Resolve(IEnumerable<long> ids)
    {
        var list = string.Join(',', ids);
        return $"""
            INSERT INTO dead_letter_audit (dead_letter_id, at, actor, action, detail)
            SELECT id, UTC_TIMESTAMP(3), '{DeadLetterAuditRow.SystemActor}', '{nameof(DeadLetterAction.Resolved)}', 'written, or there already'
              FROM dead_letters WHERE id IN ({list}) AND {_resolve.Condition};
            UPDATE dead_letters SET {_resolve.Assignment}, leased_by = NULL, leased_until = NULL, updated_at = UTC_TIMESTAMP(3)
            WHERE id IN ({list}) AND {_resolve.Condition}
            """;
    }
}
