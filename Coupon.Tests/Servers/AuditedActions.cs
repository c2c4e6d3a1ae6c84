using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Servers;

/// <summary>Reads the audit of what operators did.</summary>
internal static class AuditedActions
{
    /// <summary>All rows, oldest first.</summary>
    public static async Task<IReadOnlyList<OperatorActionRow>> OfAsync(string database)
    {
        await using var context = TestDatabase.Open(database);
        return await context.OperatorActions.AsNoTracking().OrderBy(row => row.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The same in short: who, what, on which coupon, with what result.</summary>
    public static async Task<IReadOnlyList<(string Actor, string Action, long? Coupon, string Result)>> InShortAsync(string database) =>
        [.. (await OfAsync(database)).Select(row => (row.Actor, row.Action, row.CouponId, row.Result))];
}
