using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class StockInstanceConfiguration : IEntityTypeConfiguration<StockInstanceRow>
{
    public void Configure(EntityTypeBuilder<StockInstanceRow> builder)
    {
        builder.ToTable("stock_instances");
        builder.HasKey(instance => instance.Id);
        builder.Property(instance => instance.Id).HasColumnName("id").HasMaxLength(36);
        builder.Property(instance => instance.Name).HasColumnName("name").HasMaxLength(200);
        builder.Property(instance => instance.SeenAt).HasColumnName("seen_at").HasColumnType("datetime(3)");
        builder.Property(instance => instance.SettlesWithinMs).HasColumnName("settles_within_ms");
        builder.Property(instance => instance.Settled).HasColumnName("settled").HasColumnType("text");
    }
}

internal sealed class StockVerificationConfiguration : IEntityTypeConfiguration<StockVerificationRow>
{
    public void Configure(EntityTypeBuilder<StockVerificationRow> builder)
    {
        builder.ToTable("stock_verifications");
        builder.HasKey(verification => verification.Id);
        builder.Property(verification => verification.Id).HasColumnName("id").ValueGeneratedOnAdd();
        builder.Property(verification => verification.Shard).HasColumnName("shard").HasMaxLength(StockVerificationRow.MaxShardLength);
        builder.Property(verification => verification.Slots).HasColumnName("slots").HasColumnType("text");
        builder.Property(verification => verification.EveryCoupon).HasColumnName("every_coupon");
        builder.Property(verification => verification.Reason).HasColumnName("reason").HasMaxLength(500);
        builder.Property(verification => verification.RequestedBy).HasColumnName("requested_by").HasMaxLength(200);
        builder.Property(verification => verification.Redis).HasColumnName("redis").HasMaxLength(StockVerificationRow.MaxRedisLength);
        builder.Property(verification => verification.RequestedAt).HasColumnName("requested_at").HasColumnType("datetime(3)");
        builder.Property(verification => verification.FencedAt).HasColumnName("fenced_at").HasColumnType("datetime(3)");
        builder.Property(verification => verification.CompletedAt).HasColumnName("completed_at").HasColumnType("datetime(3)");
        builder.Property(verification => verification.Coupons).HasColumnName("coupons");
        builder.Property(verification => verification.UsersAdded).HasColumnName("users_added");
        builder.Property(verification => verification.OrdinalsMoved).HasColumnName("ordinals_moved");
        builder.Property(verification => verification.OutboxAdded).HasColumnName("outbox_added");
        builder.Property(verification => verification.OrdinalsForgotten).HasColumnName("ordinals_forgotten");
    }
}

internal sealed class ForgottenOrdinalConfiguration : IEntityTypeConfiguration<ForgottenOrdinalRow>
{
    public void Configure(EntityTypeBuilder<ForgottenOrdinalRow> builder)
    {
        builder.ToTable("forgotten_ordinals");
        builder.HasKey(forgotten => new { forgotten.CouponId, forgotten.Ordinal });
        builder.Property(forgotten => forgotten.CouponId).HasColumnName("coupon_id").ValueGeneratedNever();
        builder.Property(forgotten => forgotten.Ordinal).HasColumnName("ordinal").ValueGeneratedNever();
        builder.Property(forgotten => forgotten.VerificationId).HasColumnName("verification_id");
        builder.Property(forgotten => forgotten.ForgottenAt).HasColumnName("forgotten_at").HasColumnType("datetime(3)");
    }
}

internal sealed class HandedBackSeatConfiguration : IEntityTypeConfiguration<HandedBackSeatRow>
{
    public void Configure(EntityTypeBuilder<HandedBackSeatRow> builder)
    {
        builder.ToTable("handed_back_seats");
        builder.HasKey(seat => new
        {
            seat.CouponId,
            seat.Ordinal,
            seat.UserId,
        });
        builder.Property(seat => seat.CouponId).HasColumnName("coupon_id").ValueGeneratedNever();
        builder.Property(seat => seat.Ordinal).HasColumnName("ordinal").ValueGeneratedNever();
        builder.Property(seat => seat.UserId).HasColumnName("user_id").ValueGeneratedNever();
        builder.Property(seat => seat.IssuedAtMs).HasColumnName("issued_at_ms");
        builder.Property(seat => seat.IdempotencyKeyHash).HasColumnName("idempotency_key_hash");
    }
}
