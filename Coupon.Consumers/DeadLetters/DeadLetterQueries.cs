using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Reads the ledger.</summary>
internal sealed class DeadLetterQueries(IDbContextFactory<CouponDbContext> contexts)
{
    /// <summary>
    /// Matching entries with larger ids than <paramref name="afterId"/>, in the order in which they were recorded, without payloads.
    /// </summary>
    public Task<IReadOnlyList<DeadLetterSummary>> ListAsync(DeadLetterFilter filter, long afterId, int limit, CancellationToken cancellationToken) =>
        ListAsync(filter, new DeadLetterSlice(afterId, limit), cancellationToken);

    /// <summary>A page of the matching entries, without payloads.</summary>
    public async Task<IReadOnlyList<DeadLetterSummary>> ListAsync(DeadLetterFilter filter, DeadLetterSlice slice, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await PageAsync(context, filter, slice, rows => rows.Select(DeadLetterSummary.OfRow), letter => letter.Id, cancellationToken);
    }

    /// <summary>A page of the matching entries as they are, without their audit.</summary>
    public async Task<IReadOnlyList<DeadLetterRow>> RowsAsync(DeadLetterFilter filter, DeadLetterSlice slice, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await PageAsync(context, filter, slice, rows => rows, row => row.Id, cancellationToken);
    }

    /// <summary>How many entries match.</summary>
    public async Task<int> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await filter.Apply(context.DeadLetters).CountAsync(cancellationToken);
    }

    /// <summary>How many entries of each of these coupons are in this state; coupons without one are left out.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountByCouponAsync(
        IReadOnlyCollection<long> coupons,
        DeadLetterState state,
        CancellationToken cancellationToken
    )
    {
        if (coupons.Count == 0)
            return new Dictionary<long, int>();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var some = coupons.Select(id => (long?)id).ToList();
        return await context
            .DeadLetters.Where(row => some.Contains(row.CouponId) && row.State == state)
            .GroupBy(row => row.CouponId)
            .Select(group => new { Coupon = group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Coupon!.Value, group => group.Count, cancellationToken);
    }

    /// <summary>The causes that occur, in the order of the alphabet.</summary>
    public async Task<IReadOnlyList<string>> CausesAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.DeadLetters.Select(row => row.Cause).Distinct().OrderBy(cause => cause).ToListAsync(cancellationToken);
    }

    /// <summary>What an operator is asked to confirm: how many match at this moment, and what fixes them.</summary>
    /// <param name="filter">With the step that is to be taken.</param>
    /// <param name="shown">How many of the first to read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DeadLetterQuestion> AskAsync(DeadLetterFilter filter, int shown, CancellationToken cancellationToken)
    {
        DateTime now;
        (int Count, long Last) found;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            now = await context.NowAsync(cancellationToken);

            // By an index alone: none of them has changed after this time.
            var totals = await filter
                .Apply(context.DeadLetters)
                .GroupBy(_ => 1)
                .Select(group => new { Count = group.Count(), Last = group.Max(row => row.Id) })
                .SingleOrDefaultAsync(cancellationToken);
            found = totals is null ? (0, 0) : (totals.Count, totals.Last);
        }
        var first = await ListAsync(filter with { UpToId = found.Last }, 0, shown, cancellationToken);
        return new DeadLetterQuestion(found.Count, found.Last, now, first);
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

    /// <summary>By cause, place of the failure and state, the largest first.</summary>
    public async Task<IReadOnlyList<FailureGroup>> FailureGroupsAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var groups = await filter
            .Apply(context.DeadLetters)
            .GroupBy(row => new
            {
                row.State,
                row.Cause,
                row.FailedIn,
            })
            .Select(group => new
            {
                group.Key.State,
                group.Key.Cause,
                group.Key.FailedIn,
                Count = group.Count(),
                FirstSeen = group.Min(row => row.FirstFailedAt),
                LastSeen = group.Max(row => row.LastFailedAt),
            })
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group.Cause)
            .ThenBy(group => group.FailedIn)
            .ToListAsync(cancellationToken);
        return
        [
            .. groups.Select(group => new FailureGroup(
                group.Cause,
                group.FailedIn,
                group.State,
                group.Count,
                Utc(group.FirstSeen),
                Utc(group.LastSeen)
            )),
        ];
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

    // The ids first, from an index alone: rows have payloads, and a sort would read those of all that match.
    private static async Task<IReadOnlyList<T>> PageAsync<T>(
        CouponDbContext context,
        DeadLetterFilter filter,
        DeadLetterSlice slice,
        Func<IQueryable<DeadLetterRow>, IQueryable<T>> read,
        Func<T, long> idOf,
        CancellationToken cancellationToken
    )
    {
        var ids = await slice.Of(filter.Apply(context.DeadLetters)).ToListAsync(cancellationToken);
        var rows = await read(context.DeadLetters.AsNoTracking().Where(row => ids.Contains(row.Id))).ToListAsync(cancellationToken);
        var byId = rows.ToDictionary(idOf);
        return [.. ids.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    // EF Core does not apply the value converter of a column to its aggregate.
    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
