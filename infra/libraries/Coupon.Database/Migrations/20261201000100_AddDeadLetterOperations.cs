using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Coupon.Database.Migrations;

/// <summary>The replays and discards that run in the background. Can be repeated from any statement on, as <see cref="Initial"/>.</summary>
[DbContext(typeof(CouponDbContext))]
[Migration("20261201000100_AddDeadLetterOperations")]
public sealed class AddDeadLetterOperations : Migration
{
    private const string Table = """
        CREATE TABLE IF NOT EXISTS dead_letter_operations (
            operation varchar(36) NOT NULL,
            kind varchar(16) NOT NULL,
            state varchar(16) NOT NULL,
            actor varchar(100) NOT NULL,
            filter json NOT NULL,
            reason varchar(1000) NULL,
            return_seat tinyint(1) NOT NULL,
            rate double NULL,
            up_to_id bigint NOT NULL,
            asked_at datetime(3) NOT NULL,
            total int NOT NULL,
            done int NOT NULL,
            skipped int NOT NULL,
            failed int NOT NULL,
            handled int NOT NULL,
            failures json NULL,
            fault varchar(1000) NULL,
            stopped_by varchar(100) NULL,
            runner varchar(36) NULL,
            runner_until datetime(3) NULL,
            begun_at datetime(3) NOT NULL,
            ended_at datetime(3) NULL,
            PRIMARY KEY (operation),
            KEY ix_dead_letter_operations_state (state),
            KEY ix_dead_letter_operations_begun (begun_at)
        ) ENGINE=InnoDB DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
        """;

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql(Table);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("DROP TABLE IF EXISTS dead_letter_operations;");
    }
}
