using Coupon.Database;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Monitoring;

/// <summary>The coupons that the first page shows and leaves out.</summary>
public sealed class OverviewTests(TestServers servers)
{
    [Fact]
    public async Task It_shows_the_newest_open_coupons_and_says_how_many_there_are()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.AddCouponAsync(10, "The oldest");
        for (var coupon = 2; coupon <= 50; coupon++)
            await fixture.AddCouponAsync(10, $"Coupon {coupon}");
        using var console = await ConsoleClient.SignInAsync(fixture);
        var all = (await console.GetAsync("/console")).Body;
        Assert.Contains("The oldest", all, StringComparison.Ordinal);
        Assert.Contains("50 open coupons.", all, StringComparison.Ordinal);
        Assert.DoesNotContain("The newest 50", all, StringComparison.Ordinal);

        await fixture.AddCouponAsync(10, "The newest");
        await using (var context = fixture.Open())
        {
            context.Coupons.Add(
                new CouponRow
                {
                    Id = NewCouponId.Next(),
                    Title = "Over",
                    TotalQuantity = 10,
                    ClosesAt = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                }
            );
            await context.SaveChangesAsync(ConsumerFixture.Stop);
        }

        var newest = (await console.GetAsync("/console")).Body;
        Assert.Contains("The newest 50 of 51 open coupons.", newest, StringComparison.Ordinal);
        Assert.Contains("· The newest<", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("· Over<", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("The oldest", newest, StringComparison.Ordinal);
    }
}
