using System;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Coupon.Database.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "consumption_switches",
                columns: table => new
                {
                    consumer_group = table.Column<string>(type: "varchar(249)", maxLength: 249, nullable: false, collation: "utf8mb4_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    paused = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    reason = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: true)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    changed_by = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    changed_at = table.Column<DateTime>(type: "datetime(3)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_consumption_switches", x => x.consumer_group);
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "coupons",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    title = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    total_quantity = table.Column<long>(type: "bigint", nullable: false),
                    issued_quantity = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    voided_quantity = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    returned_quantity = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    opens_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    closes_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    closed_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    created_at = table.Column<DateTime>(type: "datetime(3)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_coupons", x => x.id);
                    table.CheckConstraint("ck_coupons_not_oversold", "issued_quantity <= total_quantity");
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "dead_letters",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    topic = table.Column<string>(type: "varchar(249)", maxLength: 249, nullable: false, collation: "utf8mb4_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    partition_id = table.Column<int>(type: "int", nullable: false),
                    offset_id = table.Column<long>(type: "bigint", nullable: false),
                    consumer_group = table.Column<string>(type: "varchar(249)", maxLength: 249, nullable: false, collation: "utf8mb4_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    state = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    cause = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    coupon_id = table.Column<long>(type: "bigint", nullable: true),
                    ordinal = table.Column<long>(type: "bigint", nullable: true),
                    user_id = table.Column<long>(type: "bigint", nullable: true),
                    message_key = table.Column<byte[]>(type: "longblob", nullable: true),
                    message_value = table.Column<byte[]>(type: "longblob", nullable: true),
                    headers = table.Column<string>(type: "json", nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    message_timestamp = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    exception_type = table.Column<string>(type: "varchar(300)", maxLength: 300, nullable: true)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    exception_message = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: true)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    attempts = table.Column<int>(type: "int", nullable: false),
                    first_failed_at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    last_failed_at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    trace_id = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: true)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    replay_count = table.Column<int>(type: "int", nullable: false),
                    replayed_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    leased_by = table.Column<string>(type: "varchar(36)", maxLength: 36, nullable: true)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    leased_until = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    seat_return_requested = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    seat_returned_at = table.Column<DateTime>(type: "datetime(3)", nullable: true),
                    recorded_at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    updated_at = table.Column<DateTime>(type: "datetime(3)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dead_letters", x => x.id);
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "issued_coupons",
                columns: table => new
                {
                    coupon_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    issued_at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    persisted_at = table.Column<DateTime>(type: "datetime(3)", nullable: false, defaultValueSql: "(UTC_TIMESTAMP(3))")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_issued_coupons", x => new { x.coupon_id, x.ordinal });
                    table.CheckConstraint("ck_issued_coupons_positive", "ordinal > 0 AND user_id > 0");
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateTable(
                name: "dead_letter_audit",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    dead_letter_id = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTime>(type: "datetime(3)", nullable: false),
                    actor = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    action = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    detail = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: true)
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    value_before = table.Column<byte[]>(type: "longblob", nullable: true),
                    value_after = table.Column<byte[]>(type: "longblob", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dead_letter_audit", x => x.id);
                    table.ForeignKey(
                        name: "FK_dead_letter_audit_dead_letters_dead_letter_id",
                        column: x => x.dead_letter_id,
                        principalTable: "dead_letters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                })
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.CreateIndex(
                name: "ix_dead_letter_audit_dead_letter",
                table: "dead_letter_audit",
                column: "dead_letter_id");

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_coupon_ordinal",
                table: "dead_letters",
                columns: new[] { "coupon_id", "ordinal" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_state_cause",
                table: "dead_letters",
                columns: new[] { "state", "cause", "last_failed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_user",
                table: "dead_letters",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ux_dead_letters_origin",
                table: "dead_letters",
                columns: new[] { "topic", "partition_id", "offset_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_issued_coupons_user_coupon",
                table: "issued_coupons",
                columns: new[] { "user_id", "coupon_id" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consumption_switches");

            migrationBuilder.DropTable(
                name: "coupons");

            migrationBuilder.DropTable(
                name: "dead_letter_audit");

            migrationBuilder.DropTable(
                name: "issued_coupons");

            migrationBuilder.DropTable(
                name: "dead_letters");
        }
    }
}
