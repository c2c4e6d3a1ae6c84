using System;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Coupon.Database.Migrations
{
    /// <inheritdoc />
    public partial class StockVerification : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "forgotten_ordinals",
                columns: table => new
                {
                    coupon_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    verification_id = table.Column<long>(type: "bigint", nullable: false),
                    forgotten_at = table.Column<DateTime>(type: "datetime(3)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_forgotten_ordinals", x => new { x.coupon_id, x.ordinal });
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "stock_instances",
                columns: table => new
                {
                    id = table.Column<string>(type: "varchar(36)", maxLength: 36, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    name = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    seen_at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    settles_within_ms = table.Column<int>(type: "int", nullable: false),
                    settled_verification = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stock_instances", x => x.id);
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "stock_verifications",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    every_coupon = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    reason = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    requested_by = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    requested_at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    fenced_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    completed_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    coupons = table.Column<int>(type: "int", nullable: false),
                    users_added = table.Column<long>(type: "bigint", nullable: false),
                    ordinals_moved = table.Column<long>(type: "bigint", nullable: false),
                    outbox_added = table.Column<long>(type: "bigint", nullable: false),
                    ordinals_forgotten = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stock_verifications", x => x.id);
                })
                .Annotation("MySql:CharSet", "utf8mb4");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "forgotten_ordinals");

            migrationBuilder.DropTable(
                name: "stock_instances");

            migrationBuilder.DropTable(
                name: "stock_verifications");
        }
    }
}
