using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Coupon.Database.Migrations;

/// <summary>Who has signed in at the console, and the keys of its forms. Can be repeated from any statement on, as <see cref="Initial"/>.</summary>
[DbContext(typeof(CouponDbContext))]
[Migration("20261130000100_AddConsoleSessions")]
public sealed class AddConsoleSessions : Migration
{
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

    private static readonly (string Name, string Body)[] _tables =
    [
        ("console_sessions", """
            token_hash binary(32) NOT NULL,
            actor varchar(100) NOT NULL,
            created_at datetime(3) NOT NULL,
            ends_at datetime(3) NOT NULL,
            PRIMARY KEY (token_hash),
            KEY ix_console_sessions_ends (ends_at)
            """),
        ("console_keys", """
            name varchar(100) NOT NULL,
            xml text NOT NULL,
            PRIMARY KEY (name)
            """),
    ];

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        foreach (var (name, body) in _tables)
            migrationBuilder.Sql($"CREATE TABLE IF NOT EXISTS {name} (\n{body}\n) {Options};");
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        foreach (var (name, _) in _tables.Reverse())
            migrationBuilder.Sql($"DROP TABLE IF EXISTS {name};");
    }
}
