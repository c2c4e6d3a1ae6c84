using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Coupon.Database;

internal sealed class DatabaseMarkConfiguration : IEntityTypeConfiguration<DatabaseMarkRow>
{
    public void Configure(EntityTypeBuilder<DatabaseMarkRow> builder)
    {
        builder.ToTable("database_mark");
        builder.HasKey(mark => mark.Id);
        builder.Property(mark => mark.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(mark => mark.Epoch).HasColumnName("epoch");
        builder.Property(mark => mark.Server).HasColumnName("server").HasMaxLength(DatabaseMarkRow.MaxServerLength);
        builder.Property(mark => mark.Mark).HasColumnName("mark");
    }
}
