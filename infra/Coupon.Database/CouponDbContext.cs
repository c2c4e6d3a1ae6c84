using Microsoft.EntityFrameworkCore;

namespace Coupon.Database;

/// <summary>
/// Owns the schema, the migrations and what operators do. The hot write, and what runs all the time, is SQL of its own (<see
/// cref="CouponConnections"/>).
/// </summary>
public sealed class CouponDbContext(DbContextOptions<CouponDbContext> options) : DbContext(options)
{
    /// <summary>The coupons.</summary>
    public DbSet<CouponRow> Coupons => Set<CouponRow>();

    /// <summary>Who got which.</summary>
    public DbSet<IssuedCouponRow> IssuedCoupons => Set<IssuedCouponRow>();

    /// <summary>What could not be written.</summary>
    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();

    /// <summary>What was done to it, by whom.</summary>
    public DbSet<DeadLetterAuditRow> DeadLetterAudit => Set<DeadLetterAuditRow>();

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
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(CouponDbContext).Assembly);
}
