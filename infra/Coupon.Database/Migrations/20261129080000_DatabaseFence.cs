using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Coupon.Database.Migrations
{
    /// <summary>
    /// Ids of coupons that are not counted by the database, tombstones of deleted ones, the mark of the database, and what a replay says of itself.
    /// </summary>
    [DbContext(typeof(CouponDbContext))]
    [Migration("20261129080000_DatabaseFence")]
    public sealed class DatabaseFence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE coupons MODIFY id bigint NOT NULL");
            migrationBuilder.Sql("CREATE TABLE IF NOT EXISTS deleted_coupons (id bigint NOT NULL PRIMARY KEY, deleted_at datetime(3) NOT NULL) ENGINE=InnoDB CHARACTER SET=utf8mb4");
            migrationBuilder.Sql("""
                CREATE TABLE IF NOT EXISTS database_mark
                (id int NOT NULL PRIMARY KEY, epoch bigint NOT NULL, server varchar(300) NOT NULL, mark bigint NOT NULL) ENGINE=InnoDB CHARACTER SET=utf8mb4
                """);
            migrationBuilder.Sql("INSERT IGNORE INTO database_mark (id, epoch, server, mark) VALUES (1, 0, '', 0)");
            foreach (var column in new[] { "replayed_coupon_id", "replayed_ordinal", "replayed_user_id" })
                migrationBuilder.AddColumn<long>(name: column, table: "dead_letters", type: "bigint", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var column in new[] { "replayed_coupon_id", "replayed_ordinal", "replayed_user_id" })
                migrationBuilder.DropColumn(name: column, table: "dead_letters");
            migrationBuilder.DropTable(name: "database_mark");
            migrationBuilder.DropTable(name: "deleted_coupons");
            migrationBuilder.Sql("ALTER TABLE coupons MODIFY id bigint NOT NULL AUTO_INCREMENT");
        }
    }
}
