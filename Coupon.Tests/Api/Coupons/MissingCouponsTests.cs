using Coupon.Api.Coupons;
using Coupon.Api.Problems;
using Coupon.Stock;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;

namespace Coupon.Tests.Api.Coupons;

public sealed class MissingCouponsTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task What_the_database_said_of_a_coupon_is_repeated_for_a_second_without_asking_again()
    {
        var time = new FakeTimeProvider();
        var database = api.Services.GetRequiredService<MySqlDataSource>();
        using var missing = new MissingCoupons(database, api.Services.GetRequiredService<IStockFence>(), time);
        var coupon = await api.CreateCouponAsync(10);

        var first = await WhyAsync();
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using var delete = new MySqlCommand($"DELETE FROM coupons WHERE id = {coupon}", connection);
            await delete.ExecuteNonQueryAsync();
        }

        var again = await WhyAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var later = await WhyAsync();

        Assert.Equal(("stock-unverified", "stock-unverified", "unknown-coupon"), (first, again, later));

        async Task<string> WhyAsync() => ((Refusal)(await missing.ExplainAsync(coupon, 1, null, CancellationToken.None)).Result).Problem.Code;
    }
}
