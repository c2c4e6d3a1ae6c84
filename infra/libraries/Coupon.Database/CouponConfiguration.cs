using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class CouponConfiguration : IEntityTypeConfiguration<CouponRow>
{
    public void Configure(EntityTypeBuilder<CouponRow> builder)
    {
        // The last guard: whatever Redis did, the database refuses to hold more than the total.
        builder.ToTable("coupons", table => table.HasCheckConstraint(CouponRow.NotOversoldConstraint, "issued_quantity <= total_quantity"));
        builder.HasKey(coupon => coupon.Id);
        builder.Property(coupon => coupon.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Ignore(coupon => coupon.ReadAt);
        builder.Property(coupon => coupon.Title).HasColumnName("title").HasMaxLength(CouponRow.MaxTitleLength);
        builder.Property(coupon => coupon.TotalQuantity).HasColumnName("total_quantity");
        builder.Property(coupon => coupon.IssuedQuantity).HasColumnName("issued_quantity").HasDefaultValue(0L);
        builder.Property(coupon => coupon.VoidedQuantity).HasColumnName("voided_quantity").HasDefaultValue(0L);
        builder.Property(coupon => coupon.ReturnedQuantity).HasColumnName("returned_quantity").HasDefaultValue(0L);
        builder.Property(coupon => coupon.RetakenQuantity).HasColumnName("retaken_quantity").HasDefaultValue(0L);
        builder.Property(coupon => coupon.OpensAt).HasColumnName("opens_at").HasColumnType("datetime(3)");
        builder.Property(coupon => coupon.ClosesAt).HasColumnName("closes_at").HasColumnType("datetime(3)");
        builder.Property(coupon => coupon.ClosedAt).HasColumnName("closed_at").HasColumnType("datetime(3)");
        builder.Property(coupon => coupon.CreatedAt).HasColumnName("created_at").HasColumnType("datetime(3)");
    }
}
