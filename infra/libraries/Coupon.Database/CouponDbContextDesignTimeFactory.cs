using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Coupon.Database;

/// <summary>
/// For <c>dotnet ef migrations add Name --project infra/libraries/Coupon.Database</c>: needs no server. For commands that do need one
/// (<c>dotnet ef database update</c>), the environment variable <c>ConnectionStrings__MySql</c> names it.
/// </summary>
public sealed class CouponDbContextDesignTimeFactory : IDesignTimeDbContextFactory<CouponDbContext>
{
    /// <inheritdoc />
    public CouponDbContext CreateDbContext(string[] args)
    {
        var connectionString = Environment.GetEnvironmentVariable("ConnectionStrings__MySql") ?? "Server=127.0.0.1;Database=coupon;User=root";
        var options = new DbContextOptionsBuilder<CouponDbContext>();
        CouponDatabase.Configure(options, connectionString);
        return new CouponDbContext(options.Options);
    }
}
