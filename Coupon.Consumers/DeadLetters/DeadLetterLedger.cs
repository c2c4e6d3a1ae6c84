using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Takes dead letters into MySQL, each once: a message that is delivered again changes nothing. A replay that failed again re-opens the entry that
/// it was replayed from, recognised by how often it had been replayed.
/// </summary>
internal sealed class DeadLetterLedger(IDbContextFactory<CouponDbContext> contexts, TimeProvider time)
{
    private const int AttemptsAgainstOthers = 5;
    private const string System = "system";

    /// <returns>How many entries are new or were opened again.</returns>
    public async Task<int> RecordAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var context = await contexts.CreateDbContextAsync(cancellationToken);
                await using var transaction = await context.BeginLedgerTransactionAsync(cancellationToken);
                // All that may be opened again, locked before any of it is looked at: an operator may be dealing with it at this moment.
                await context.DeadLetters.LockAsync([.. letters.Select(letter => letter.LedgerId).Where(id => id > 0).Distinct()], cancellationToken);
                var changed = 0;
                foreach (var letter in letters)
                    changed += await RecordAsync(context, letter, cancellationToken) ? 1 : 0;
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return changed;
            }
            catch (DbUpdateException exception) when (
                exception.InnerException is MySqlException inner && DatabaseFailure.IsDuplicateKey(inner) && attempt < AttemptsAgainstOthers)
            {
                // Another instance took the same message in at the same moment; the next look finds its entry.
            }
        }
    }

    private async Task<bool> RecordAsync(CouponDbContext context, DeadLetter letter, CancellationToken cancellationToken)
    {
        if (letter.LedgerId > 0 && context.DeadLetters.Local.FindEntry(letter.LedgerId)?.Entity is { } replayed)
            return Reopen(context, replayed, letter);
        var (topic, partition, offset) = (letter.Topic, letter.Partition, letter.Offset);
        if (context.DeadLetters.Local.Any(row => row.Topic == topic && row.Partition == partition && row.Offset == offset)
            || await context.DeadLetters.AnyAsync(row => row.Topic == topic && row.Partition == partition && row.Offset == offset, cancellationToken))
            return false;
        var added = context.DeadLetters.Add(Row(letter)).Entity;
        // Saved at once: the audit needs the id.
        await context.SaveChangesAsync(cancellationToken);
        context.DeadLetterAudit.Add(Audit(added.Id, DeadLetterAction.Recorded, letter));
        return true;
    }

    // Replayed r times and failed: that is news while the entry waits for the outcome of replay r, or does not know of replay r yet.
    private bool Reopen(CouponDbContext context, DeadLetterRow row, DeadLetter letter)
    {
        var isNews = row.State == DeadLetterState.Replayed ? row.ReplayCount <= letter.ReplayCount
            : row.State == DeadLetterState.Open && row.ReplayCount < letter.ReplayCount;
        if (!isNews)
            return false;
        row.State = DeadLetterState.Open;
        row.Cause = Cut(letter.Cause, 64);
        row.ExceptionType = Cut(letter.ExceptionType, 300);
        row.ExceptionMessage = Cut(letter.ExceptionMessage, 2000);
        row.Attempts += letter.Attempts;
        row.LastFailedAt = letter.LastFailedAt.UtcDateTime;
        row.TraceId = Cut(letter.TraceId, 32);
        row.ReplayCount = letter.ReplayCount;
        row.LeasedBy = null;
        row.LeasedUntil = null;
        row.UpdatedAt = time.GetUtcNow().UtcDateTime;
        context.DeadLetterAudit.Add(Audit(row.Id, DeadLetterAction.Reopened, letter));
        return true;
    }

    private DeadLetterRow Row(DeadLetter letter)
    {
        var message = IssuanceJson.TryRead(letter.Value);
        var now = time.GetUtcNow().UtcDateTime;
        return new DeadLetterRow
        {
            Topic = Cut(letter.Topic, 249),
            Partition = letter.Partition,
            Offset = letter.Offset,
            ConsumerGroup = Cut(letter.ConsumerGroup, 249),
            State = DeadLetterState.Open,
            Cause = Cut(letter.Cause, 64),
            CouponId = message?.CouponId,
            Ordinal = message?.Ordinal,
            UserId = message?.UserId,
            Key = letter.Key,
            Value = letter.Value,
            Headers = HeaderJson.Write(letter.Headers),
            MessageTimestamp = letter.Timestamp?.UtcDateTime,
            ExceptionType = Cut(letter.ExceptionType, 300),
            ExceptionMessage = Cut(letter.ExceptionMessage, 2000),
            Attempts = letter.Attempts,
            FirstFailedAt = letter.FirstFailedAt.UtcDateTime,
            LastFailedAt = letter.LastFailedAt.UtcDateTime,
            TraceId = Cut(letter.TraceId, 32),
            ReplayCount = letter.ReplayCount,
            RecordedAt = now,
            UpdatedAt = now,
        };
    }

    private DeadLetterAuditRow Audit(long id, DeadLetterAction action, DeadLetter letter) => new()
    {
        DeadLetterId = id,
        At = time.GetUtcNow().UtcDateTime,
        Actor = System,
        Action = action,
        Detail = Cut($"{letter.Cause}: {letter.ExceptionMessage}", 2000),
    };

    [return: global::System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..length];
}
