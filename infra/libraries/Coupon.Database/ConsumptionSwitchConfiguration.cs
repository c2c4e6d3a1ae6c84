using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class ConsumptionSwitchConfiguration : IEntityTypeConfiguration<ConsumptionSwitchRow>
{
    public void Configure(EntityTypeBuilder<ConsumptionSwitchRow> builder)
    {
        builder.ToTable("consumption_switches");
        builder.HasKey(consumption => consumption.ConsumerGroup);
        builder.Property(consumption => consumption.ConsumerGroup).HasColumnName("consumer_group").HasMaxLength(249).UseCollation("utf8mb4_bin");
        builder.Property(consumption => consumption.Paused).HasColumnName("paused");
        builder.Property(consumption => consumption.Reason).HasColumnName("reason").HasMaxLength(500);
        builder.Property(consumption => consumption.ChangedBy).HasColumnName("changed_by").HasMaxLength(100);
        builder.Property(consumption => consumption.ChangedAt).HasColumnName("changed_at").HasColumnType("datetime(3)");
    }
}
