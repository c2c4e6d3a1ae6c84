using System.Net;
using System.Net.Sockets;
using Coupon.Api.Coupons;
using Coupon.Api.Issuing.Deciding;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;

namespace Coupon.Tests.Api.Issuing.Deciding;

public sealed class MissingCouponsTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_finding_of_the_database_is_repeated_for_a_second_without_another_look_up()
    {
        var time = new FakeTimeProvider();
        var database = api.Services.GetRequiredService<MySqlDataSource>();
        using var missing = new MissingCoupons(
            new CouponLookUp(database, time),
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

        async Task<string> WhyAsync() => PressRefusals.Of(coupon, await missing.DecideAsync(coupon, 1, null, CancellationToken.None)).Problem.Code;
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_given_up_and_the_coupon_counts_as_unverified()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var database = new MySqlDataSource($"Server=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};User=root;Pooling=false");
        var time = new FakeTimeProvider();
        using var missing = new MissingCoupons(
            new CouponLookUp(database, TimeProvider.System),
            database,
            api.Services.GetRequiredService<IStockFence>(),
            api.Services.GetRequiredService<DatabaseFence>(),
            time
        );

        var deciding = missing.DecideAsync(5, 1, null, CancellationToken.None);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(deciding.IsCompleted);
            },
            "the look-up is given up"
        );
        var answer = PressRefusals.Of(5, await deciding);

        Assert.Equal("stock-unverified", answer.Problem.Code);
    }

    [Fact]
    public async Task The_status_verifies_a_coupon_that_has_ended_and_that_Redis_has_lost()
    {
        var coupon = await api.CreateCouponAsync(10);
        await using (var connection = await api.Services.GetRequiredService<MySqlDataSource>().OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE coupons SET closes_at = UTC_TIMESTAMP() - INTERVAL 2 DAY WHERE id = @coupon", new { coupon });
        }

        await api.Redis.KeyDeleteAsync(new CouponKeys(coupon).All);
        await api.Redis.SetRemoveAsync(ShardKeys.Whole.LoadedCoupons, coupon);

        await Eventually.IsTrueAsync(
            async () => (await api.GetAsync($"/coupons/{coupon}/issuances/7")) is { Status: 404, Code: "not-issued" },
            "it is verified"
        );
    }
}
