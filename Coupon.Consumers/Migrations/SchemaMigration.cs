using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace Coupon.Consumers.Migrations;

/// <summary>
/// Applies the migrations that this build expects. Safe to run twice and by two processes at once: EF Core takes a lock in the database.
/// </summary>
internal sealed class SchemaMigration(IDbContextFactory<CouponDbContext> contexts)
{
    /// <returns>The names of the migrations that were applied; none where the schema was up to date.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await CreateDatabaseIfMissingAsync(context, cancellationToken);
        var before = await context.Database.GetAppliedMigrationsAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        return [.. (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(before)];
    }

    private static async Task CreateDatabaseIfMissingAsync(CouponDbContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(cancellationToken))
            return;
        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (MySqlException exception) when (exception.ErrorCode == MySqlErrorCode.DatabaseCreateExists)
        {
            // Another process created it. EF Core's lock, which orders everything after this, is inside the database.
        }
    }
}
