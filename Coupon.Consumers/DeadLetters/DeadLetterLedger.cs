using System.Diagnostics.CodeAnalysis;
using Coupon.Database;
using Coupon.Stock.Tail;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Records dead letters in MySQL, each once: a message that is delivered again changes nothing. Another message with the same origin, as after a
/// topic was deleted and created again, becomes an entry of its own. A replay that failed re-opens the entry that it replays (<see
/// cref="ReplayMatch"/>); the number of replays in its headers tells whether that is news.
/// </summary>
internal sealed class DeadLetterLedger(IDbContextFactory<CouponDbContext> contexts)
{
    private const int Tries = 5;
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
                // Entries that may be opened again are locked before any of them is read: an operator may be changing them at this moment.
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
                when (exception.InnerException is MySqlException inner && DatabaseFailure.IsDuplicateKey(inner) && attempt < Tries)
            {
                // Another instance recorded the same message at the same moment; the next attempt finds its entry.
            }
        }
    }

    private static async Task<bool> RecordAsync(CouponDbContext context, DeadLetter letter, DateTime now, CancellationToken cancellationToken)
    {
        if (
            letter.LedgerId > 0
            && context.DeadLetters.Local.FindEntry(letter.LedgerId)?.Entity is { } replayed
            && ReplayMatch.Is(replayed, letter.LedgerOrigin, CouponIssuedReader.TryRead(letter.Value), letter.Value)
        )
            return Reopen(context, replayed, letter, now);
        if (await FreeOriginAsync(context, letter, cancellationToken) is not { } origin)
            return false;
        var added = context.DeadLetters.Add(Row(letter, origin, now)).Entity;
        // Saved at once, because the audit needs the id.
        await context.SaveChangesAsync(cancellationToken);
        context.DeadLetterAudit.Add(Audit(added.Id, DeadLetterAction.Recorded, letter, now));
        return true;
    }

    /// <summary>The origin to record a message under; null: it is recorded already.</summary>
    /// <exception cref="InvalidOperationException">
    /// Other messages are recorded under all its origins. Without an origin it would be lost, so it is held.
    /// </exception>
    private static async Task<Origin?> FreeOriginAsync(CouponDbContext context, DeadLetter letter, CancellationToken cancellationToken)
    {
        // A topic that was deleted and created again starts at offset 0, so an older message may have the same origin. The dead letter is then
        // recorded under its own place in the dead-letter topic, as one without an origin is.
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

    // The column keeps milliseconds. MySQL rounds the rest, or cuts it where sql_mode has TIME_TRUNCATE_FRACTIONAL:
    // https://dev.mysql.com/doc/refman/8.4/en/fractional-seconds.html
    private static bool IsSame(DateTime? left, DateTime? right) => left is null ? right is null : (left - right)?.Duration() <= _precision;

    private static bool Reopen(CouponDbContext context, DeadLetterRow row, DeadLetter letter, DateTime now)
    {
        if (!row.TryReopen(letter.ReplayCount, now))
            return false;
        row.Cause = Cut(letter.Cause, DeadLetterRow.MaxCauseLength);
        row.ExceptionType = Cut(letter.ExceptionType, DeadLetterRow.MaxExceptionTypeLength);
        row.ExceptionMessage = Cut(letter.ExceptionMessage, DeadLetterRow.MaxExceptionMessageLength);
        row.FailedIn = Cut(letter.FailedIn, DeadLetterRow.MaxFailedInLength);
        row.Attempts = (int)Math.Min((long)row.Attempts + letter.Attempts, int.MaxValue);
        row.LastFailedAt = letter.LastFailedAt.UtcDateTime;
        row.TraceId = Cut(letter.TraceId, DeadLetterRow.MaxTraceIdLength);
        context.DeadLetterAudit.Add(Audit(row.Id, DeadLetterAction.Reopened, letter, now));
        return true;
    }

    // The number of replays in the headers is about another entry: this one has not been replayed.
    private static DeadLetterRow Row(DeadLetter letter, Origin origin, DateTime now)
    {
        var message = CouponIssuedReader.TryRead(letter.Value);
        return new DeadLetterRow
        {
            Topic = Cut(origin.Topic, DeadLetterRow.MaxTopicLength),
            Partition = origin.Partition!.Value,
            Offset = origin.Offset!.Value,
            ConsumerGroup = Cut(letter.ConsumerGroup, DeadLetterRow.MaxConsumerGroupLength),
            State = DeadLetterState.Open,
            Cause = Cut(letter.Cause, DeadLetterRow.MaxCauseLength),
            CouponId = message?.CouponId,
            Ordinal = message?.Ordinal,
            UserId = message?.UserId,
            Key = letter.Key,
            Value = letter.Value,
            Headers = HeaderJson.Write(letter.Headers),
            MessageTimestamp = letter.Timestamp?.UtcDateTime,
            ExceptionType = Cut(letter.ExceptionType, DeadLetterRow.MaxExceptionTypeLength),
            ExceptionMessage = Cut(letter.ExceptionMessage, DeadLetterRow.MaxExceptionMessageLength),
            FailedIn = Cut(letter.FailedIn, DeadLetterRow.MaxFailedInLength),
            Attempts = letter.Attempts,
            FirstFailedAt = letter.FirstFailedAt.UtcDateTime,
            LastFailedAt = letter.LastFailedAt.UtcDateTime,
            TraceId = Cut(letter.TraceId, DeadLetterRow.MaxTraceIdLength),
            RecordedAt = now,
            UpdatedAt = now,
        };
    }

    private static DeadLetterAuditRow Audit(long id, DeadLetterAction action, DeadLetter letter, DateTime now) =>
        new()
        {
            DeadLetterId = id,
            At = now,
            Actor = DeadLetterAuditRow.SystemActor,
            Action = action,
            Detail = Cut($"{letter.Cause}: {letter.ExceptionMessage}", DeadLetterAuditRow.MaxDetailLength),
        };

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..length];
}
