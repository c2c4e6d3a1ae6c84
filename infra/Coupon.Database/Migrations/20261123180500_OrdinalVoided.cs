using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Coupon.Database.Migrations
{
    /// <inheritdoc />
    public partial class OrdinalVoided : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "ordinal_voided",
                table: "dead_letters",
                type: "tinyint(1)",
                nullable: false,
                defaultValue: false);

            // Until now, every discarded letter voided the ordinal that it named.
            migrationBuilder.Sql("UPDATE dead_letters SET ordinal_voided = 1 WHERE state = 'Discarded'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ordinal_voided",
                table: "dead_letters");
        }
    }
}
