using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Coupon.Consumers.Migrations;

/// <summary>Brings the schema up to what this build expects. Safe to run twice and by two at once: EF takes a lock in the database.</summary>
internal sealed class SchemaMigration(IDbContextFactory<CouponDbContext> contexts)
{
    /// <returns>The names of the migrations that were applied; none where the schema was up to date.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var before = await AppliedAsync(context, cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        return [.. (await AppliedAsync(context, cancellationToken)).Except(before)];
    }

    private static async Task<IReadOnlyList<string>> AppliedAsync(CouponDbContext context, CancellationToken cancellationToken)
    {
        // A database that does not exist yet has no migrations; asking it for them would throw.
        var exists = await context.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancellationToken);
        return exists ? [.. await context.Database.GetAppliedMigrationsAsync(cancellationToken)] : [];
    }
}
