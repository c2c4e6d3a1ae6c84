using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetterRow>
{
    public void Configure(EntityTypeBuilder<DeadLetterRow> builder)
    {
        builder.ToTable("dead_letters");
        builder.HasKey(letter => letter.Id);
        builder
            .HasIndex(letter => new
            {
                letter.Topic,
                letter.Partition,
                letter.Offset,
            })
            .IsUnique()
            .HasDatabaseName("ux_dead_letters_origin");

        // What operators ask for: what is open, by cause, oldest first; and everything about one coupon's ordinal.
        builder
            .HasIndex(letter => new
            {
                letter.State,
                letter.Cause,
                letter.LastFailedAt,
            })
            .HasDatabaseName("ix_dead_letters_state_cause");
        // What the console lists newest or oldest first, counts and groups: the primary key follows the columns of each index.
        builder.HasIndex(letter => letter.State).HasDatabaseName("ix_dead_letters_state");
        builder.HasIndex(letter => letter.Cause).HasDatabaseName("ix_dead_letters_cause");
        builder.HasIndex(letter => new { letter.Cause, letter.State }).HasDatabaseName("ix_dead_letters_cause_state");
        builder.HasIndex(letter => new { letter.CouponId, letter.State }).HasDatabaseName("ix_dead_letters_coupon_state");
        builder
            .HasIndex(letter => new
            {
                letter.State,
                letter.Cause,
                letter.FailedIn,
                letter.FirstFailedAt,
                letter.LastFailedAt,
            })
            .HasDatabaseName("ix_dead_letters_groups");
        builder.HasIndex(letter => new { letter.CouponId, letter.Ordinal }).HasDatabaseName("ix_dead_letters_coupon_ordinal");
        builder.HasIndex(letter => letter.UserId).HasDatabaseName("ix_dead_letters_user");

        builder.Property(letter => letter.Id).HasColumnName("id").ValueGeneratedOnAdd();
        // Names of topics and groups are case-sensitive in Kafka.
        builder.Property(letter => letter.Topic).HasColumnName("topic").HasMaxLength(DeadLetterRow.MaxTopicLength).UseCollation("utf8mb4_bin");
        builder.Property(letter => letter.Partition).HasColumnName("partition_id");
        builder.Property(letter => letter.Offset).HasColumnName("offset_id");
        builder
            .Property(letter => letter.ConsumerGroup)
            .HasColumnName("consumer_group")
            .HasMaxLength(DeadLetterRow.MaxConsumerGroupLength)
            .UseCollation("utf8mb4_bin");
        builder.Property(letter => letter.State).HasColumnName("state").HasConversion<string>().HasMaxLength(16);
        builder.Property(letter => letter.Cause).HasColumnName("cause").HasMaxLength(DeadLetterRow.MaxCauseLength);
        builder.Property(letter => letter.CouponId).HasColumnName("coupon_id");
        builder.Property(letter => letter.Ordinal).HasColumnName("ordinal");
        builder.Property(letter => letter.UserId).HasColumnName("user_id");
        builder.Property(letter => letter.Key).HasColumnName("message_key").HasColumnType("longblob");
        builder.Property(letter => letter.Value).HasColumnName("message_value").HasColumnType("longblob");
        builder.Property(letter => letter.Headers).HasColumnName("headers").HasColumnType("json");
        builder.Property(letter => letter.MessageTimestamp).HasColumnName("message_timestamp").HasColumnType("datetime(3)");
        builder.Property(letter => letter.ExceptionType).HasColumnName("exception_type").HasMaxLength(DeadLetterRow.MaxExceptionTypeLength);
        builder.Property(letter => letter.ExceptionMessage).HasColumnName("exception_message").HasMaxLength(DeadLetterRow.MaxExceptionMessageLength);
        builder.Property(letter => letter.FailedIn).HasColumnName("failed_in").HasMaxLength(DeadLetterRow.MaxFailedInLength);
        builder.Property(letter => letter.Attempts).HasColumnName("attempts");
        builder.Property(letter => letter.FirstFailedAt).HasColumnName("first_failed_at").HasColumnType("datetime(3)");
        builder.Property(letter => letter.LastFailedAt).HasColumnName("last_failed_at").HasColumnType("datetime(3)");
        builder.Property(letter => letter.TraceId).HasColumnName("trace_id").HasMaxLength(DeadLetterRow.MaxTraceIdLength);
        builder.Property(letter => letter.ReplayCount).HasColumnName("replay_count");
        builder.Property(letter => letter.ReplayedAt).HasColumnName("replayed_at").HasColumnType("datetime(3)");
        builder.Property(letter => letter.ReplayedCouponId).HasColumnName("replayed_coupon_id");
        builder.Property(letter => letter.ReplayedOrdinal).HasColumnName("replayed_ordinal");
        builder.Property(letter => letter.ReplayedUserId).HasColumnName("replayed_user_id");
        builder.Property(letter => letter.LeasedBy).HasColumnName("leased_by").HasMaxLength(36);
        builder.Property(letter => letter.LeasedUntil).HasColumnName("leased_until").HasColumnType("datetime(3)");
        builder.Property(letter => letter.OrdinalVoided).HasColumnName("ordinal_voided").HasDefaultValue(false);
        builder.Property(letter => letter.SeatReturnRequested).HasColumnName("seat_return_requested");
        builder.Property(letter => letter.SeatReturnedAt).HasColumnName("seat_returned_at").HasColumnType("datetime(3)");
        builder.Property(letter => letter.RecordedAt).HasColumnName("recorded_at").HasColumnType("datetime(3)");
        builder.Property(letter => letter.UpdatedAt).HasColumnName("updated_at").HasColumnType("datetime(3)");
    }
}
