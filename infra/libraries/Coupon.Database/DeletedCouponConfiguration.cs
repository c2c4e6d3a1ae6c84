using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class DeletedCouponConfiguration : IEntityTypeConfiguration<DeletedCouponRow>
{
    public void Configure(EntityTypeBuilder<DeletedCouponRow> builder)
    {
        builder.ToTable("deleted_coupons");
        builder.HasKey(coupon => coupon.Id);
        builder.Property(coupon => coupon.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(coupon => coupon.DeletedAt).HasColumnName("deleted_at").HasColumnType("datetime(3)");
    }
}
