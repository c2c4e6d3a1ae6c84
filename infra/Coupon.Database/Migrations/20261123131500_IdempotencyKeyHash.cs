using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Coupon.Database.Migrations
{
    /// <inheritdoc />
    public partial class IdempotencyKeyHash : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "idempotency_key_hash",
                table: "issued_coupons",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "idempotency_key_hash",
                table: "issued_coupons");
        }
    }
}
