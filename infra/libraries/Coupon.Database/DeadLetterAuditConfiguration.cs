using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class DeadLetterAuditConfiguration : IEntityTypeConfiguration<DeadLetterAuditRow>
{
    public void Configure(EntityTypeBuilder<DeadLetterAuditRow> builder)
    {
        builder.ToTable("dead_letter_audit");
        builder.HasKey(audit => audit.Id);
        builder.HasOne<DeadLetterRow>().WithMany().HasForeignKey(audit => audit.DeadLetterId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(audit => audit.DeadLetterId).HasDatabaseName("ix_dead_letter_audit_dead_letter");
        builder
            .HasIndex(audit => new
            {
                audit.DeadLetterId,
                audit.Operation,
                audit.Action,
            })
            .IsUnique()
            .HasDatabaseName("ux_dead_letter_audit_operation");
        builder.Property(audit => audit.Id).HasColumnName("id").ValueGeneratedOnAdd();
        builder.Property(audit => audit.DeadLetterId).HasColumnName("dead_letter_id");
        builder.Property(audit => audit.At).HasColumnName("at").HasColumnType("datetime(3)");
        builder.Property(audit => audit.Actor).HasColumnName("actor").HasMaxLength(DeadLetterAuditRow.MaxActorLength);
        builder.Property(audit => audit.Action).HasColumnName("action").HasConversion<string>().HasMaxLength(16);
        builder.Property(audit => audit.Detail).HasColumnName("detail").HasMaxLength(DeadLetterAuditRow.MaxDetailLength);
        builder.Property(audit => audit.Operation).HasColumnName("operation").HasMaxLength(36);
        builder.Property(audit => audit.ValueBefore).HasColumnName("value_before").HasColumnType("longblob");
        builder.Property(audit => audit.ValueAfter).HasColumnName("value_after").HasColumnType("longblob");
    }
}
