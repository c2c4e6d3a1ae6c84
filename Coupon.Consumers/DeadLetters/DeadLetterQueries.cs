using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Reads the ledger.</summary>
internal sealed class DeadLetterQueries(IDbContextFactory<CouponDbContext> contexts)
{
    /// <summary>
    /// Matching entries with larger ids than <paramref name="afterId"/>, in the order in which they were recorded, without payloads.
    /// </summary>
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
            .Select(DeadLetterSummary.OfRow)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The number of matching entries, and the ids of the first <paramref name="limit"/> of them.</summary>
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

    /// <summary>An entry with its audit; null: there is none.</summary>
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

    // EF Core does not apply the value converter of a column to its aggregate.
    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
