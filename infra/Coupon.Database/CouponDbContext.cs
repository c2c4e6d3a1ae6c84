using Microsoft.EntityFrameworkCore;

namespace Coupon.Database;

/// <summary>Owns the schema, the migrations and the reads. The hot write is SQL of its own inside this context's transaction.</summary>
public sealed class CouponDbContext(DbContextOptions<CouponDbContext> options) : DbContext(options)
{
    /// <summary>The coupons.</summary>
    public DbSet<CouponRow> Coupons => Set<CouponRow>();

    /// <summary>Who got which.</summary>
    public DbSet<IssuedCouponRow> IssuedCoupons => Set<IssuedCouponRow>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(CouponDbContext).Assembly);
}
