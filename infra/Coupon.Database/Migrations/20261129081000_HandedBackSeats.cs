using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Coupon.Database.Migrations
{
    /// <inheritdoc />
    public partial class HandedBackSeats : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "handed_back_seats",
                columns: table => new
                {
                    coupon_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    issued_at_ms = table.Column<long>(type: "bigint", nullable: false),
                    idempotency_key_hash = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_handed_back_seats", x => new { x.coupon_id, x.ordinal, x.user_id });
                })
                .Annotation("MySql:CharSet", "utf8mb4");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "handed_back_seats");
        }
    }
}
