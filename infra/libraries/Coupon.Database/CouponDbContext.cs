using Microsoft.EntityFrameworkCore;

namespace Coupon.Database;

/// <summary>
/// Owns the schema, the migrations and the work of operators. The hot write and all steady work are hand-written SQL (<see
/// cref="CouponConnections"/>).
/// </summary>
public sealed class CouponDbContext(DbContextOptions<CouponDbContext> options) : DbContext(options)
{
    /// <summary>The coupons.</summary>
    public DbSet<CouponRow> Coupons => Set<CouponRow>();

    /// <summary>The issued coupons: one row an issuance.</summary>
    public DbSet<IssuedCouponRow> IssuedCoupons => Set<IssuedCouponRow>();

    /// <summary>The dead letters: messages that could not be written.</summary>
    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();

    /// <summary>The audit of the dead letters: every action, with its operator.</summary>
    public DbSet<DeadLetterAuditRow> DeadLetterAudit => Set<DeadLetterAuditRow>();

    /// <summary>The replays and discards that run in the background.</summary>
    public DbSet<DeadLetterOperationRow> DeadLetterOperations => Set<DeadLetterOperationRow>();

    /// <summary>What operators did and tried.</summary>
    public DbSet<OperatorActionRow> OperatorActions => Set<OperatorActionRow>();

    /// <summary>Who has signed in at the console.</summary>
    public DbSet<ConsoleSessionRow> ConsoleSessions => Set<ConsoleSessionRow>();

    /// <summary>The keys of the forms of the console.</summary>
    public DbSet<ConsoleKeyRow> ConsoleKeys => Set<ConsoleKeyRow>();

    /// <summary>Which consumer groups an operator has paused.</summary>
    public DbSet<ConsumptionSwitchRow> ConsumptionSwitches => Set<ConsumptionSwitchRow>();

    /// <summary>The processes that issue.</summary>
    public DbSet<StockInstanceRow> StockInstances => Set<StockInstanceRow>();

    /// <summary>When the stock in Redis was verified, and what was found.</summary>
    public DbSet<StockVerificationRow> StockVerifications => Set<StockVerificationRow>();

    /// <summary>The ordinals that Redis gave out and forgot.</summary>
    public DbSet<ForgottenOrdinalRow> ForgottenOrdinals => Set<ForgottenOrdinalRow>();

    /// <summary>What instances have handed back through MySQL.</summary>
    public DbSet<HandedBackSeatRow> HandedBackSeats => Set<HandedBackSeatRow>();

    /// <summary>Which coupons were deleted.</summary>
    public DbSet<DeletedCouponRow> DeletedCoupons => Set<DeletedCouponRow>();

    /// <summary>The mark by which a database that went back in time is recognised.</summary>
    public DbSet<DatabaseMarkRow> DatabaseMarks => Set<DatabaseMarkRow>();

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcDateTimeConverter>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(CouponDbContext).Assembly);
        modelBuilder.HasDbFunction(() => DeadLetterText.Locate("", null)).HasName("LOCATE").IsBuiltIn();
    }
}
