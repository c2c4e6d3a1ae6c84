using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class ConsoleSessionConfiguration : IEntityTypeConfiguration<ConsoleSessionRow>
{
    public void Configure(EntityTypeBuilder<ConsoleSessionRow> builder)
    {
        builder.ToTable("console_sessions");
        builder.HasKey(session => session.TokenHash);
        builder.HasIndex(session => session.EndsAt).HasDatabaseName("ix_console_sessions_ends");
        builder.Property(session => session.TokenHash).HasColumnName("token_hash").HasColumnType($"binary({ConsoleSessionRow.HashLength})");
        builder.Property(session => session.Actor).HasColumnName("actor").HasMaxLength(DeadLetterAuditRow.MaxActorLength);
        builder.Property(session => session.CreatedAt).HasColumnName("created_at").HasColumnType("datetime(3)");
        builder.Property(session => session.EndsAt).HasColumnName("ends_at").HasColumnType("datetime(3)");
    }
}

internal sealed class ConsoleKeyConfiguration : IEntityTypeConfiguration<ConsoleKeyRow>
{
    public void Configure(EntityTypeBuilder<ConsoleKeyRow> builder)
    {
        builder.ToTable("console_keys");
        builder.HasKey(key => key.Name);
        builder.Property(key => key.Name).HasColumnName("name").HasMaxLength(ConsoleKeyRow.MaxNameLength);
        builder.Property(key => key.Xml).HasColumnName("xml").HasColumnType("text");
    }
}
