using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class OperatorActionConfiguration : IEntityTypeConfiguration<OperatorActionRow>
{
    public void Configure(EntityTypeBuilder<OperatorActionRow> builder)
    {
        builder.ToTable("operator_actions");
        builder.HasKey(action => action.Id);
        builder.HasIndex(action => action.Operation).IsUnique().HasDatabaseName("ux_operator_actions_operation");
        builder.HasIndex(action => action.CouponId).HasDatabaseName("ix_operator_actions_coupon");
        builder.HasIndex(action => action.At).HasDatabaseName("ix_operator_actions_at");
        builder.Property(action => action.Id).HasColumnName("id").ValueGeneratedOnAdd();
        builder.Property(action => action.Operation).HasColumnName("operation").HasMaxLength(OperatorActionRow.MaxOperationLength);
        builder.Property(action => action.At).HasColumnName("at").HasColumnType("datetime(3)");
        builder.Property(action => action.EndedAt).HasColumnName("ended_at").HasColumnType("datetime(3)");
        builder.Property(action => action.Actor).HasColumnName("actor").HasMaxLength(DeadLetterAuditRow.MaxActorLength);
        builder.Property(action => action.Action).HasColumnName("action").HasMaxLength(OperatorActionRow.MaxActionLength);
        builder.Property(action => action.CouponId).HasColumnName("coupon_id");
        builder.Property(action => action.Address).HasColumnName("address").HasMaxLength(OperatorActionRow.MaxAddressLength);
        builder.Property(action => action.Result).HasColumnName("result").HasMaxLength(OperatorActionRow.MaxResultLength);
    }
}
