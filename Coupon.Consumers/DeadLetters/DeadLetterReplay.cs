using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Consumers.Records;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Hosting.Configuration;
using Coupon.Stock.Tail;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Sends dead letters back to the main topic. An entry is leased, sent, and marked when the broker has acknowledged the message: two operators never
/// send the same one, and a process that dies in between leaves the entry open. A message that is sent twice after all is written once.
/// </summary>
internal sealed class DeadLetterReplay(IDbContextFactory<CouponDbContext> contexts, RawProducer producer, TopicNames topics, TimeProvider time)
{
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(1);
    private const int Chunk = 50;

    /// <param name="request">What to send.</param>
    /// <param name="progress">Told after each chunk how many entries are done.</param>
    /// <param name="cancellationToken">Stops after the entries that are being sent; the result says how far it came.</param>
    public async Task<OperationResult> ReplayAsync(ReplayRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var filter = request.Filter.ForReplay();
        var ids = await MatchingAsync(filter, request, cancellationToken);
        var pace = new Pace(request.Rate, time);
        var operation = request.Operation ?? Guid.NewGuid().ToString("D");
        var (done, skipped, failures) = (0, 0, new List<OperationFailure>());
        // With a rate, the lease of a whole chunk might run out before its last message is due.
        foreach (var chunk in ids.Chunk(pace.IsLimited ? 1 : Chunk))
        {
            var lease = Guid.NewGuid().ToString("D");
            List<DeadLetterRow> leased;
            try
            {
                await pace.WaitAsync(cancellationToken);
                leased = await LedgerContention.Pipeline.ExecuteAsync(
                    async token => await LeaseAsync(filter, chunk, lease, token),
                    cancellationToken
                );
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            skipped += chunk.Length - leased.Count;
            foreach (var failure in await Task.WhenAll(leased.Select(row => ReplayAsync(row, lease, operation, request))))
            {
                if (failure is null)
                    done++;
                else
                    failures.Add(failure);
            }
            progress?.Report(done + skipped + failures.Count);
        }
        return new OperationResult(ids.Count, done, skipped, failures);
    }

    private async Task<List<long>> MatchingAsync(DeadLetterFilter filter, ReplayRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await filter.MatchingAsync(context.DeadLetters, request.Confirmed, request.Limit, cancellationToken);
    }

    private async Task<List<DeadLetterRow>> LeaseAsync(DeadLetterFilter filter, long[] ids, string lease, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        await filter
            .ApplyStates(context.DeadLetters)
            .Where(row => ids.Contains(row.Id) && (row.LeasedUntil == null || row.LeasedUntil < now))
            .ExecuteUpdateAsync(
                row => row.SetProperty(letter => letter.LeasedBy, lease).SetProperty(letter => letter.LeasedUntil, now + _lease),
                cancellationToken
            );
        return await context
            .DeadLetters.AsNoTracking()
            .Where(row => ids.Contains(row.Id) && row.LeasedBy == lease)
            .OrderBy(row => row.Id)
            .ToListAsync(cancellationToken);
    }

    // Not cancellable: a message that was sent must be marked, also where the operator has given up waiting.
    private async Task<OperationFailure?> ReplayAsync(DeadLetterRow row, string lease, string operation, ReplayRequest request)
    {
        try
        {
            string? summary = null;
            var value = request.Edit is null ? row.Value : request.Edit.Apply(row.Value, out summary);
            if (request.Edit is not null)
                await ExpectAsync(row, lease, CouponIssuedReader.TryRead(value)!);
            await SendAsync(row, value);
            await LedgerContention.Pipeline.ExecuteAsync(async _ => await MarkAsync(row, lease, operation, request.Actor, summary, value));
            return null;
        }
        catch (Exception exception) when (exception is FormatException or KafkaException)
        {
            await LedgerContention.Pipeline.ExecuteAsync(async _ => await ReleaseAsync(row, lease));
            return new OperationFailure(row.Id, exception.Message);
        }
    }

    private async Task SendAsync(DeadLetterRow row, byte[]? value)
    {
        var recorded = HeaderJson.Read(row.Headers);
        var headers = HeadersOf(row, recorded);
        using var span = SendingSpan.OfReplay(topics.CouponIssued, recorded, headers);
        try
        {
            await producer.SendAsync(topics.CouponIssued, row.Key, value, headers, CancellationToken.None);
        }
        catch (KafkaException exception)
        {
            SendingSpan.Failed(span, exception);
            throw;
        }
    }

    // Before the message is sent: the consumer does not take a message for a replay of this entry unless the entry expects its numbers.
    private async Task ExpectAsync(DeadLetterRow row, string lease, CouponIssued edited)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await context
            .DeadLetters.Where(letter => letter.Id == row.Id && letter.LeasedBy == lease)
            .ExecuteUpdateAsync(letter =>
                letter
                    .SetProperty(changed => changed.ReplayedCouponId, edited.CouponId)
                    .SetProperty(changed => changed.ReplayedOrdinal, edited.Ordinal)
                    .SetProperty(changed => changed.ReplayedUserId, edited.UserId)
            );
    }

    private async Task MarkAsync(DeadLetterRow row, string lease, string operation, string actor, string? edit, byte[]? sent)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await using var transaction = await context.BeginLedgerTransactionAsync(CancellationToken.None);
        var letter = (await context.DeadLetters.LockAsync([row.Id], CancellationToken.None)).Single();
        // A repeated step whose first commit was not answered; where that commit is still running, the lock has waited for it.
        if (await context.DeadLetterAudit.AnyAsync(entry => entry.DeadLetterId == row.Id && entry.Operation == operation))
            return;
        var now = await context.NowAsync(CancellationToken.None);
        // False where the consumer was quicker and the outcome is known, or the lease ran out and an operator discarded the entry.
        letter.TryMarkReplayed(lease, row.ReplayCount, now);
        context.DeadLetterAudit.Add(
            new DeadLetterAuditRow
            {
                DeadLetterId = row.Id,
                At = now,
                Actor = actor,
                Action = edit is null ? DeadLetterAction.Replayed : DeadLetterAction.Edited,
                Detail = edit,
                Operation = operation,
                ValueBefore = edit is null ? null : row.Value,
                ValueAfter = edit is null ? null : sent,
            }
        );
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private async Task ReleaseAsync(DeadLetterRow row, string lease)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await context
            .DeadLetters.Where(letter => letter.Id == row.Id && letter.LeasedBy == lease)
            .ExecuteUpdateAsync(letter =>
                letter.SetProperty(changed => changed.LeasedBy, (string?)null).SetProperty(changed => changed.LeasedUntil, (DateTime?)null)
            );
    }

    private static Headers HeadersOf(DeadLetterRow row, IReadOnlyList<MessageHeader> recorded)
    {
        var headers = new Headers();
        foreach (var (name, value) in recorded)
            headers.Add(name, value);
        headers.Add(DeadLetterHeaders.LedgerId, Encoding.UTF8.GetBytes(row.Id.ToString(CultureInfo.InvariantCulture)));
        headers.Add(DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes(new Origin(row.Topic, row.Partition, row.Offset).ToString()));
        headers.Add(DeadLetterHeaders.ReplayCount, Encoding.UTF8.GetBytes((row.ReplayCount + 1).ToString(CultureInfo.InvariantCulture)));
        return headers;
    }
}
