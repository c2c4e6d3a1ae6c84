using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Coupon.Database.Migrations;

/// <summary>
/// Where a dead letter failed, and the indexes by which the console lists, counts and groups tens of thousands of them. MySQL has no ADD COLUMN IF
/// NOT EXISTS, so each step asks first whether it was taken: it can be repeated from any statement on, as <see cref="Initial"/>.
/// </summary>
[DbContext(typeof(CouponDbContext))]
[Migration("20261201000000_IndexDeadLetters")]
public sealed class IndexDeadLetters : Migration
{
    // The primary key follows the columns of each index, so a list by id needs no sort.
    private static readonly (string Name, string Columns)[] _indexes =
    [
        ("ix_dead_letters_state", "state"),
        ("ix_dead_letters_cause", "cause"),
        ("ix_dead_letters_cause_state", "cause, state"),
        ("ix_dead_letters_coupon_state", "coupon_id, state"),
        ("ix_dead_letters_groups", "state, cause, failed_in, first_failed_at, last_failed_at"),
    ];

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        Unless(
            migrationBuilder,
            "information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'dead_letters' AND column_name = 'failed_in'",
            "ALTER TABLE dead_letters ADD COLUMN failed_in varchar(200) NULL"
        );
        foreach (var (name, columns) in _indexes)
            Unless(
                migrationBuilder,
                $"information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'dead_letters' AND index_name = '{name}'",
                $"ALTER TABLE dead_letters ADD INDEX {name} ({columns})"
            );
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        foreach (var (name, _) in _indexes.Reverse())
            migrationBuilder.Sql($"ALTER TABLE dead_letters DROP INDEX {name};");
        migrationBuilder.Sql("ALTER TABLE dead_letters DROP COLUMN failed_in;");
    }

    private static void Unless(MigrationBuilder migrationBuilder, string found, string statement) =>
        migrationBuilder.Sql(
            $"""
            SET @step = IF(EXISTS (SELECT 1 FROM {found}), 'DO 0', '{statement}');
            PREPARE step FROM @step;
            EXECUTE step;
            DEALLOCATE PREPARE step;
            """
        );
}
