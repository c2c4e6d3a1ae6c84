using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class DeadLetterOperationConfiguration : IEntityTypeConfiguration<DeadLetterOperationRow>
{
    public void Configure(EntityTypeBuilder<DeadLetterOperationRow> builder)
    {
        builder.ToTable("dead_letter_operations");
        builder.HasKey(operation => operation.Operation);
        builder.HasIndex(operation => operation.State).HasDatabaseName("ix_dead_letter_operations_state");
        builder.HasIndex(operation => operation.BegunAt).HasDatabaseName("ix_dead_letter_operations_begun");
        builder.Property(operation => operation.Operation).HasColumnName("operation").HasMaxLength(OperatorActionRow.MaxOperationLength);
        builder.Property(operation => operation.Kind).HasColumnName("kind").HasConversion<string>().HasMaxLength(16);
        builder.Property(operation => operation.State).HasColumnName("state").HasConversion<string>().HasMaxLength(16);
        builder.Property(operation => operation.Actor).HasColumnName("actor").HasMaxLength(DeadLetterAuditRow.MaxActorLength);
        builder.Property(operation => operation.Filter).HasColumnName("filter").HasColumnType("json");
        builder.Property(operation => operation.Reason).HasColumnName("reason").HasMaxLength(DeadLetterOperationRow.MaxReasonLength);
        builder.Property(operation => operation.ReturnSeat).HasColumnName("return_seat");
        builder.Property(operation => operation.Rate).HasColumnName("rate");
        builder.Property(operation => operation.UpToId).HasColumnName("up_to_id");
        builder.Property(operation => operation.AskedAt).HasColumnName("asked_at").HasColumnType("datetime(3)");
        builder.Property(operation => operation.AnsweredWith).HasColumnName("answered_with");
        builder.Property(operation => operation.Total).HasColumnName("total");
        builder.Property(operation => operation.Done).HasColumnName("done");
        builder.Property(operation => operation.Skipped).HasColumnName("skipped");
        builder.Property(operation => operation.Failed).HasColumnName("failed");
        builder.Property(operation => operation.Handled).HasColumnName("handled");
        builder.Property(operation => operation.Failures).HasColumnName("failures").HasColumnType("json");
        builder.Property(operation => operation.Fault).HasColumnName("fault").HasMaxLength(DeadLetterOperationRow.MaxFaultLength);
        builder.Property(operation => operation.StoppedBy).HasColumnName("stopped_by").HasMaxLength(DeadLetterAuditRow.MaxActorLength);
        builder.Property(operation => operation.Runner).HasColumnName("runner").HasMaxLength(36);
        builder.Property(operation => operation.RunnerUntil).HasColumnName("runner_until").HasColumnType("datetime(3)");
        builder.Property(operation => operation.BegunAt).HasColumnName("begun_at").HasColumnType("datetime(3)");
        builder.Property(operation => operation.EndedAt).HasColumnName("ended_at").HasColumnType("datetime(3)");
    }
}
