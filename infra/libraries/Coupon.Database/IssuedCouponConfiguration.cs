using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class IssuedCouponConfiguration : IEntityTypeConfiguration<IssuedCouponRow>
{
    public void Configure(EntityTypeBuilder<IssuedCouponRow> builder)
    {
        builder.ToTable("issued_coupons", table => table.HasCheckConstraint("ck_issued_coupons_positive", "ordinal > 0 AND user_id > 0"));

        // Sequential within a coupon, so the clustered index is appended to, never split.
        builder.HasKey(issued => new { issued.CouponId, issued.Ordinal });

        // User first: the same index that keeps a user to one also lists a user's coupons.
        builder.HasIndex(issued => new { issued.UserId, issued.CouponId }).IsUnique().HasDatabaseName("ux_issued_coupons_user_coupon");

        builder.Property(issued => issued.CouponId).HasColumnName("coupon_id").ValueGeneratedNever();
        builder.Property(issued => issued.Ordinal).HasColumnName("ordinal").ValueGeneratedNever();
        builder.Property(issued => issued.UserId).HasColumnName("user_id");
        builder.Property(issued => issued.IssuedAt).HasColumnName("issued_at").HasColumnType("datetime(3)");
        builder.Property(issued => issued.IdempotencyKeyHash).HasColumnName("idempotency_key_hash");
        builder
            .Property(issued => issued.PersistedAt)
            .HasColumnName("persisted_at")
            .HasColumnType("datetime(3)")
            .HasDefaultValueSql("(UTC_TIMESTAMP(3))");

        // No foreign key to coupons: it would lock the coupon's row for every insert; the batch updates that row itself, in the same transaction.
    }
}
