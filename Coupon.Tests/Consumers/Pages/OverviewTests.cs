using Coupon.Database;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>What the first page says and what it leaves out.</summary>
public sealed class OverviewTests(TestServers servers)
{
    [Fact]
    public async Task It_shows_the_newest_open_coupons_and_says_how_many_there_are()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        await bench.AddCouponAsync(10, "The oldest");
        for (var coupon = 2; coupon <= 50; coupon++)
            await bench.AddCouponAsync(10, $"Coupon {coupon}");
        using var console = await ConsoleClient.SignInAsync(bench);
        var all = (await console.GetAsync("/console")).Body;
        Assert.Contains("The oldest", all, StringComparison.Ordinal);
        Assert.DoesNotContain("open coupons.", all, StringComparison.Ordinal);

        await bench.AddCouponAsync(10, "The newest");
        await using (var context = bench.Open())
        {
            context.Coupons.Add(
                new CouponRow
                {
                    Id = NewCouponId.Next(),
                    Title = "Over",
                    TotalQuantity = 10,
                    ClosesAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1),
                }
            );
            await context.SaveChangesAsync(ConsumerBench.Stop);
        }

        var newest = (await console.GetAsync("/console")).Body;
        Assert.Contains("The newest 50 of 51 open coupons.", newest, StringComparison.Ordinal);
        Assert.Contains("· The newest<", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("· Over<", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("The oldest", newest, StringComparison.Ordinal);
    }
}
