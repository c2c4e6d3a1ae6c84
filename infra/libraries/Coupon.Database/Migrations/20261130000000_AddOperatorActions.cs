using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Coupon.Database.Migrations;

/// <summary>What operators did and tried. Can be repeated from any statement on, as <see cref="Initial"/>.</summary>
[DbContext(typeof(CouponDbContext))]
[Migration("20261130000000_AddOperatorActions")]
public sealed class AddOperatorActions : Migration
{
    private const string Table = """
        CREATE TABLE IF NOT EXISTS operator_actions (
            id bigint NOT NULL AUTO_INCREMENT,
            operation varchar(36) NOT NULL,
            at datetime(3) NOT NULL,
            ended_at datetime(3) NULL,
            actor varchar(100) NOT NULL,
            action varchar(60) NOT NULL,
            coupon_id bigint NULL,
            address varchar(150) NOT NULL,
            result varchar(150) NOT NULL,
            PRIMARY KEY (id),
            UNIQUE KEY ux_operator_actions_operation (operation),
            KEY ix_operator_actions_coupon (coupon_id),
            KEY ix_operator_actions_at (at)
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
        migrationBuilder.Sql("DROP TABLE IF EXISTS operator_actions;");
    }
}
