using System.Net;
using System.Net.Sockets;
using Coupon.Api.Coupons;
using Coupon.Api.Problems;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Coupon.Tests.Servers;
using Dapper;
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
        using var missing = new MissingCoupons(
            database,
            api.Services.GetRequiredService<IStockFence>(),
            api.Services.GetRequiredService<DatabaseFence>(),
            time
        );
        var coupon = await api.CreateCouponAsync(10);

        var first = await WhyAsync();
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("DELETE FROM coupons WHERE id = @coupon", new { coupon });
        }

        var again = await WhyAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var later = await WhyAsync();

        Assert.Equal(("stock-unverified", "stock-unverified", "unknown-coupon"), (first, again, later));

        async Task<string> WhyAsync() => ((Refusal)(await missing.ExplainAsync(coupon, 1, null, CancellationToken.None)).Result).Problem.Code;
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_not_waited_for_and_says_nothing_of_the_coupon()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var database = new MySqlDataSource($"Server=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};User=root;Pooling=false");
        using var missing = new MissingCoupons(
            database,
            api.Services.GetRequiredService<IStockFence>(),
            api.Services.GetRequiredService<DatabaseFence>(),
            TimeProvider.System
        );

        var answer = (Refusal)(await missing.ExplainAsync(5, 1, null, CancellationToken.None)).Result;

        Assert.Equal("stock-unverified", answer.Problem.Code);
    }

    [Fact]
    public async Task Of_a_coupon_that_has_ended_and_that_Redis_forgot_it_is_known_soon_who_has_none()
    {
        var coupon = await api.CreateCouponAsync(10);
        await using (var connection = await api.Services.GetRequiredService<MySqlDataSource>().OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE coupons SET closes_at = UTC_TIMESTAMP() - INTERVAL 2 DAY WHERE id = @coupon", new { coupon });
        }

        await api.Redis.KeyDeleteAsync(new CouponKeys(coupon).All);
        await api.Redis.SetRemoveAsync(CouponKeys.LoadedCoupons, coupon);

        await Eventually.IsTrueAsync(
            async () => (await api.GetAsync($"/coupons/{coupon}/issuances/7")) is { Status: 404, Code: "not-issued" },
            "it is verified"
        );
    }
}
