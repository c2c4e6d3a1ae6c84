using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Sends dead letters back to the main topic. An entry is leased, sent, and marked when the broker has acknowledged it: two operators never send
/// the same one, and who dies in between leaves it open. Sent twice after all, it is still written once.
/// </summary>
internal sealed class DeadLetterReplay(
    IDbContextFactory<CouponDbContext> contexts,
    RawProducer producer,
    IOptions<TopicNames> topics,
    TimeProvider time
)
{
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(1);
    private const int Chunk = 50;

    /// <param name="request">What to send.</param>
    /// <param name="progress">Told after each entry how many are done with.</param>
    /// <param name="cancellationToken">Stops after the entries that are being sent.</param>
    public async Task<OperationResult> ReplayAsync(ReplayRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ids = await MatchingAsync(request, cancellationToken);
        var pace = new Pace(request.Rate, time);
        var (done, skipped, failures) = (0, 0, new List<OperationFailure>());
        // Paced, the lease of a whole chunk might run out before its last message is due.
        foreach (var chunk in ids.Chunk(pace.IsLimited ? 1 : Chunk))
        {
            var lease = Guid.NewGuid().ToString("D");
            List<DeadLetterRow> leased;
            try
            {
                await pace.WaitAsync(cancellationToken);
                leased = await LedgerContention.Pipeline.ExecuteAsync(
                    async token => await LeaseAsync(Replayable(request.Filter).States!, chunk, lease, token),
                    cancellationToken
                );
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Who interrupts it wants to know how far it has come.
                break;
            }
            skipped += chunk.Length - leased.Count;
            foreach (var failure in await Task.WhenAll(leased.Select(row => ReplayAsync(row, lease, request))))
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

    private async Task<List<long>> MatchingAsync(ReplayRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Replayable(request.Filter).MatchingAsync(context.DeadLetters, request.Asked, request.Limit, cancellationToken);
    }

    /// <summary>
    /// The filter, restricted to what can be replayed: open by default; replayed only where asked for by name; never what is closed.
    /// </summary>
    public static DeadLetterFilter Replayable(DeadLetterFilter filter) =>
        filter with
        {
            States = filter.States is { Count: > 0 } states
                ? [.. states.Intersect([DeadLetterState.Open, DeadLetterState.Replayed]).DefaultIfEmpty((DeadLetterState)(-1))]
                : [DeadLetterState.Open],
        };

    private async Task<List<DeadLetterRow>> LeaseAsync(
        IReadOnlyList<DeadLetterState> states,
        long[] ids,
        string lease,
        CancellationToken cancellationToken
    )
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        await context
            .DeadLetters
            // The state again: what matched a moment ago, another may have sent since.
            .Where(row => ids.Contains(row.Id) && states.Contains(row.State) && (row.LeasedUntil == null || row.LeasedUntil < now))
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

    // Once begun it is brought to its end, also where the operator has lost patience: half a replay is the one thing that must not be.
    private async Task<OperationFailure?> ReplayAsync(DeadLetterRow row, string lease, ReplayRequest request)
    {
        try
        {
            string? summary = null;
            var value = request.Edit is null ? row.Value : request.Edit.Apply(row.Value, out summary);
            if (request.Edit is not null)
                await ExpectAsync(row, lease, IssuanceJson.TryRead(value)!);
            await producer.SendAsync(topics.Value.CouponIssued, row.Key, value, HeadersOf(row), CancellationToken.None);
            await LedgerContention.Pipeline.ExecuteAsync(async _ => await MarkAsync(row, lease, request.Actor, summary, value));
            return null;
        }
        catch (Exception exception) when (exception is FormatException or KafkaException)
        {
            await LedgerContention.Pipeline.ExecuteAsync(async _ => await ReleaseAsync(row, lease));
            return new OperationFailure(row.Id, exception.Message);
        }
    }

    // Before it is sent: the consumer takes no message for a replay of this entry that names something else.
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

    private async Task MarkAsync(DeadLetterRow row, string lease, string actor, string? edit, byte[]? sent)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await using var transaction = await context.BeginLedgerTransactionAsync(CancellationToken.None);
        await context.DeadLetters.LockAsync([row.Id], CancellationToken.None);
        // Taken again because the answer to the commit was lost; where that commit is still under way, the lock has waited for it.
        if (await context.DeadLetterAudit.AnyAsync(entry => entry.DeadLetterId == row.Id && entry.Operation == lease))
            return;
        var now = await context.NowAsync(CancellationToken.None);
        // Nobody's any more: the consumer was quicker than this and the outcome is known already, or the lease ran out and an operator discarded it.
        await context
            .DeadLetters.Where(letter =>
                letter.Id == row.Id && letter.LeasedBy == lease && letter.ReplayCount == row.ReplayCount && letter.State == row.State
            )
            .ExecuteUpdateAsync(letter =>
                letter
                    .SetProperty(changed => changed.State, DeadLetterState.Replayed)
                    .SetProperty(changed => changed.ReplayCount, row.ReplayCount + 1)
                    .SetProperty(changed => changed.ReplayedAt, now)
                    .SetProperty(changed => changed.UpdatedAt, now)
                    .SetProperty(changed => changed.LeasedBy, (string?)null)
                    .SetProperty(changed => changed.LeasedUntil, (DateTime?)null)
            );
        context.DeadLetterAudit.Add(
            new DeadLetterAuditRow
            {
                DeadLetterId = row.Id,
                At = now,
                Actor = actor,
                Action = edit is null ? DeadLetterAction.Replayed : DeadLetterAction.Edited,
                Detail = edit,
                Operation = lease,
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

    private static Headers HeadersOf(DeadLetterRow row)
    {
        var headers = new Headers();
        foreach (var (name, value) in HeaderJson.Read(row.Headers))
            headers.Add(name, value);
        headers.Add(DeadLetterHeaders.LedgerId, Encoding.UTF8.GetBytes(row.Id.ToString(CultureInfo.InvariantCulture)));
        headers.Add(DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes(new Origin(row.Topic, row.Partition, row.Offset).ToString()));
        headers.Add(DeadLetterHeaders.ReplayCount, Encoding.UTF8.GetBytes((row.ReplayCount + 1).ToString(CultureInfo.InvariantCulture)));
        return headers;
    }
}
