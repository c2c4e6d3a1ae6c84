using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Takes dead letters into MySQL, each once: a message that is delivered again changes nothing, and another one from the same place, as there is
/// where a topic was deleted and created again, is an entry of its own. A replay that failed again re-opens the entry that
/// it was replayed from (<see cref="ReplayMatch"/>), recognised by how often it had been replayed.
/// </summary>
internal sealed class DeadLetterLedger(IDbContextFactory<CouponDbContext> contexts)
{
    private const int AttemptsAgainstOthers = 5;
    private const string System = "system";
    private static readonly TimeSpan _precision = TimeSpan.FromMilliseconds(1);

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
                var now = await context.NowAsync(cancellationToken);
                var changed = 0;
                foreach (var letter in letters)
                    changed += await RecordAsync(context, letter, now, cancellationToken) ? 1 : 0;
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return changed;
            }
            catch (DbUpdateException exception)
                when (exception.InnerException is MySqlException inner && DatabaseFailure.IsDuplicateKey(inner) && attempt < AttemptsAgainstOthers)
            {
                // Another instance took the same message in at the same moment; the next look finds its entry.
            }
        }
    }

    private static async Task<bool> RecordAsync(CouponDbContext context, DeadLetter letter, DateTime now, CancellationToken cancellationToken)
    {
        if (
            letter.LedgerId > 0
            && context.DeadLetters.Local.FindEntry(letter.LedgerId)?.Entity is { } replayed
            && ReplayMatch.Is(replayed, letter.LedgerOrigin, IssuanceJson.TryRead(letter.Value), letter.Value)
        )
            return Reopen(context, replayed, letter, now);
        if (await FreeOriginAsync(context, letter, cancellationToken) is not { } origin)
            return false;
        var added = context.DeadLetters.Add(Row(letter, origin, now)).Entity;
        // Saved at once: the audit needs the id.
        await context.SaveChangesAsync(cancellationToken);
        context.DeadLetterAudit.Add(Audit(added.Id, DeadLetterAction.Recorded, letter, now));
        return true;
    }

    /// <summary>Under which place to record it; null: it is recorded.</summary>
    /// <exception cref="InvalidOperationException">
    /// Other messages are recorded under its places: recorded under none, it would be lost, so it is held.
    /// </exception>
    private static async Task<Origin?> FreeOriginAsync(CouponDbContext context, DeadLetter letter, CancellationToken cancellationToken)
    {
        // A topic that was deleted and created again begins anew at offset 0: what came from a place before is another message then, and the
        // dead letter is known by its own place in the dead-letter topic, as one without an origin is.
        var origin = new Origin(letter.Topic, letter.Partition, letter.Offset);
        foreach (var place in letter.Place is { } own && own != origin ? (Origin[])[origin, own] : [origin])
        {
            var there = await context
                .DeadLetters.Where(row => row.Topic == place.Topic && row.Partition == place.Partition && row.Offset == place.Offset)
                .Select(row => new { row.Value, row.MessageTimestamp })
                .SingleOrDefaultAsync(cancellationToken);
            if (there is null)
                return place;
            if (IsSame(there.Value, letter.Value) && IsSame(there.MessageTimestamp, letter.Timestamp?.UtcDateTime))
                return null;
        }
        throw new InvalidOperationException(
            letter.Place is null
                ? $"Another message is in the ledger as {origin}, and this one has no place of its own in the dead-letter topic to be recorded under."
                : $"Other messages are in the ledger as {origin} and as {letter.Place}: there is no place left to record this one under."
        );
    }

    private static bool IsSame(byte[]? left, byte[]? right) => left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);

    // The column keeps milliseconds; whether the last one is cut or rounded is the server's to choose.
    private static bool IsSame(DateTime? left, DateTime? right) => left is null ? right is null : (left - right)?.Duration() <= _precision;

    // Replayed r times and failed: that is news while the entry waits for the outcome of replay r, or does not know of replay r yet.
    // A number of replays beyond the next one is nobody's to say.
    private static bool Reopen(CouponDbContext context, DeadLetterRow row, DeadLetter letter, DateTime now)
    {
        var replays = Math.Min(letter.ReplayCount, row.ReplayCount + 1);
        var isNews =
            row.State == DeadLetterState.Replayed ? row.ReplayCount <= replays : row.State == DeadLetterState.Open && row.ReplayCount < replays;
        if (!isNews)
            return false;
        row.State = DeadLetterState.Open;
        row.Cause = Cut(letter.Cause, 64);
        row.ExceptionType = Cut(letter.ExceptionType, 300);
        row.ExceptionMessage = Cut(letter.ExceptionMessage, 2000);
        row.Attempts += letter.Attempts;
        row.LastFailedAt = letter.LastFailedAt.UtcDateTime;
        row.TraceId = Cut(letter.TraceId, 32);
        row.ReplayCount = replays;
        row.LeasedBy = null;
        row.LeasedUntil = null;
        row.UpdatedAt = now;
        context.DeadLetterAudit.Add(Audit(row.Id, DeadLetterAction.Reopened, letter, now));
        return true;
    }

    private static DeadLetterRow Row(DeadLetter letter, Origin origin, DateTime now)
    {
        var message = IssuanceJson.TryRead(letter.Value);
        return new DeadLetterRow
        {
            Topic = Cut(origin.Topic, 249),
            Partition = origin.Partition!.Value,
            Offset = origin.Offset!.Value,
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

            // This entry has not been replayed, whatever the message says of another one.
            ReplayCount = 0,
            RecordedAt = now,
            UpdatedAt = now,
        };
    }

    private static DeadLetterAuditRow Audit(long id, DeadLetterAction action, DeadLetter letter, DateTime now) =>
        new()
        {
            DeadLetterId = id,
            At = now,
            Actor = System,
            Action = action,
            Detail = Cut($"{letter.Cause}: {letter.ExceptionMessage}", 2000),
        };

    [return: global::System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..length];
}
