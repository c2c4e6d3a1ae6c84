using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Looks into the ledger. Changes nothing.</summary>
internal sealed class DeadLetterQueries(IDbContextFactory<CouponDbContext> contexts)
{
    /// <summary>Matching entries in the order in which they were recorded, from after <paramref name="afterId"/>, without their payloads.</summary>
    public async Task<IReadOnlyList<DeadLetterSummary>> ListAsync(
        DeadLetterFilter filter,
        long afterId,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await filter
            .Apply(context.DeadLetters)
            .Where(row => row.Id > afterId)
            .OrderBy(row => row.Id)
            .Take(limit)
            .Select(row => new DeadLetterSummary(
                row.Id,
                row.State,
                row.Cause,
                row.CouponId,
                row.Ordinal,
                row.UserId,
                row.Topic,
                row.Partition,
                row.Offset,
                row.Attempts,
                row.ReplayCount,
                row.FirstFailedAt,
                row.LastFailedAt,
                row.ExceptionMessage
            ))
            .ToListAsync(cancellationToken);
    }

    /// <summary>How many match, and which are the first <paramref name="limit"/> of them.</summary>
    public async Task<DeadLetterSelection> SelectAsync(DeadLetterFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var matching = filter.Apply(context.DeadLetters);
        var count = await matching.CountAsync(cancellationToken);
        var ids = await matching.Select(row => row.Id).Order().Take(limit).ToListAsync(cancellationToken);
        return new DeadLetterSelection(Math.Max(count, ids.Count), ids);
    }

    /// <summary>By cause and state, the largest first.</summary>
    public async Task<IReadOnlyList<DeadLetterGroup>> GroupsAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var groups = await filter
            .Apply(context.DeadLetters)
            .GroupBy(row => new { row.Cause, row.State })
            .Select(group => new
            {
                group.Key.Cause,
                group.Key.State,
                Count = group.Count(),
                FirstSeen = group.Min(row => row.FirstFailedAt),
                LastSeen = group.Max(row => row.LastFailedAt),
            })
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group.Cause)
            .ToListAsync(cancellationToken);
        return [.. groups.Select(group => new DeadLetterGroup(group.Cause, group.State, group.Count, Utc(group.FirstSeen), Utc(group.LastSeen)))];
    }

    /// <summary>Everything about one; null: there is none.</summary>
    public async Task<DeadLetterDetails?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.DeadLetters.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return null;
        var audit = await context
            .DeadLetterAudit.AsNoTracking()
            .Where(entry => entry.DeadLetterId == id)
            .OrderBy(entry => entry.Id)
            .ToListAsync(cancellationToken);
        return new DeadLetterDetails(row, audit);
    }

    // An aggregate loses the conversion of its column.
    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
