using System.Text.Json.Serialization;
using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Selects dead letters. A member that is null does not restrict; an empty filter selects all.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeadLetterFilter
{
    /// <summary>The word of <see cref="FailedIn"/> for entries of which no frame is known.</summary>
    internal const string NoFrame = "none";

    private const string Simple = "utf8mb4_general_ci";

    /// <summary>Exactly these entries.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>In one of these states.</summary>
    public IReadOnlyList<DeadLetterState>? States { get; init; }

    /// <summary>Of this cause.</summary>
    public string? Cause { get; init; }

    /// <summary>Of this coupon.</summary>
    public long? CouponId { get; init; }

    /// <summary>Of this user.</summary>
    public long? UserId { get; init; }

    /// <summary>Failed last at this time or later. UTC, where no zone is given.</summary>
    [JsonConverter(typeof(UniversalTimes))]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Failed last before this time. UTC, where no zone is given.</summary>
    [JsonConverter(typeof(UniversalTimes))]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Read from this topic.</summary>
    public string? Topic { get; init; }

    /// <summary>Read from this partition.</summary>
    public int? Partition { get; init; }

    /// <summary>Read from this offset.</summary>
    public long? Offset { get; init; }

    /// <summary>
    /// Entries with this text in the type or the message of the exception (upper and lower case are the same), or in the payload (they are not).
    /// </summary>
    public string? Text { get; init; }

    /// <summary>That failed in this frame of the stack; <c>none</c>: in none that is known.</summary>
    public string? FailedIn { get; init; }

    /// <summary>Up to this id, as a dry run names it: entries recorded since are left out.</summary>
    public long? UpToId { get; init; }

    /// <summary>Not changed since this time, by the clock of the database (UTC): what an operator was shown. Null: does not restrict.</summary>
    internal DateTime? ChangedBefore { get; init; }

    /// <summary>The step that is to be taken: entries whose state does not allow it are left out. Null: none.</summary>
    internal DeadLetterTransition? Step { get; private init; }

    /// <summary>
    /// The filter, restricted to entries that may be replayed: open ones by default, replayed ones only where the filter names that state.
    /// </summary>
    internal DeadLetterFilter ForReplay() =>
        this with
        {
            States = States is { Count: > 0 } ? States : [DeadLetterState.Open],
            Step = DeadLetterTransition.Replay,
        };

    /// <summary>The filter, restricted to entries that may be discarded.</summary>
    internal DeadLetterFilter ForDiscard() => this with { Step = DeadLetterTransition.Discard };

    /// <summary>The ids of the selected entries, oldest first.</summary>
    /// <param name="rows">The ledger.</param>
    /// <param name="confirmed">
    /// Only those among these; null: all. They are compared here, since there may be more of them than one statement should list.
    /// </param>
    /// <param name="limit">How many at most; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<List<long>> MatchingAsync(
        IQueryable<DeadLetterRow> rows,
        IReadOnlyList<long>? confirmed,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var ids = Apply(rows).OrderBy(row => row.Id).Select(row => row.Id);
        if (confirmed is null)
            return await ids.Take(limit ?? int.MaxValue).ToListAsync(cancellationToken);
        var those = confirmed.ToHashSet();
        return [.. (await ids.ToListAsync(cancellationToken)).Where(those.Contains).Take(limit ?? int.MaxValue)];
    }

    /// <summary>Restricts a query to the selected entries.</summary>
    public IQueryable<DeadLetterRow> Apply(IQueryable<DeadLetterRow> rows)
    {
        rows = ApplyStates(rows);
        if (Ids is { } ids)
            rows = rows.Where(row => ids.Contains(row.Id));
        if (Cause is { } cause)
            rows = rows.Where(row => row.Cause == cause);
        if (CouponId is { } coupon)
            rows = rows.Where(row => row.CouponId == coupon);
        if (UserId is { } user)
            rows = rows.Where(row => row.UserId == user);
        if (Since?.UtcDateTime is { } since)
            rows = rows.Where(row => row.LastFailedAt >= since);
        if (Until?.UtcDateTime is { } until)
            rows = rows.Where(row => row.LastFailedAt < until);
        if (Topic is { } topic)
            rows = rows.Where(row => row.Topic == topic);
        if (Partition is { } partition)
            rows = rows.Where(row => row.Partition == partition);
        if (Offset is { } offset)
            rows = rows.Where(row => row.Offset == offset);
        if (FailedIn is { } frame)
            rows = frame == NoFrame ? rows.Where(row => row.FailedIn == null) : rows.Where(row => row.FailedIn == frame);
        if (Text is { Length: > 0 } text)
            rows = Having(rows, text);
        if (ChangedBefore is { } changed)
            rows = rows.Where(row => row.UpdatedAt < changed);
        if (UpToId is { } last)
            rows = rows.Where(row => row.Id <= last);
        return rows;
    }

    /// <summary>Restricts a query to the selected states alone: for entries that were selected before and may have changed since.</summary>
    internal IQueryable<DeadLetterRow> ApplyStates(IQueryable<DeadLetterRow> rows)
    {
        // One statement of equality where it can be: only then are the entries of the index in the order of their ids.
        var states = States is { Count: > 0 } named ? named : Enum.GetValues<DeadLetterState>();
        var allowed = states.Distinct().Where(state => Step?.IsAllowedFrom(state) ?? true).ToList();
        return allowed switch
        {
            [var only] => rows.Where(row => row.State == only),
            { Count: var count } when count == Enum.GetValues<DeadLetterState>().Length => rows,
            _ => rows.Where(row => allowed.Contains(row.State)),
        };
    }

    private static IQueryable<DeadLetterRow> Having(IQueryable<DeadLetterRow> rows, string text)
    {
        var pattern = $"%{Escaped(text)}%";

        // The collation of the columns compares by the rules of every language, which takes several times as long.
        return rows.Where(row =>
            DeadLetterText.Locate(text, row.Value) > 0
            || EF.Functions.Like(EF.Functions.Collate(row.ExceptionMessage, Simple), pattern)
            || EF.Functions.Like(EF.Functions.Collate(row.ExceptionType, Simple), pattern)
        );
    }

    private static string Escaped(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
}
