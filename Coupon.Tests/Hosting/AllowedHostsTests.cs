using Coupon.Hosting.Http;
using Microsoft.AspNetCore.Http;

namespace Coupon.Tests.Hosting;

public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("shop.example;*.shop.example", "shop.example", true)]
    [InlineData("shop.example;*.shop.example", "SHOP.example:8080", true)]
    [InlineData("shop.example;*.shop.example", "www.shop.example", true)]
    [InlineData("shop.example;*.shop.example", "myshop.example", false)]
    [InlineData("shop.example;*.shop.example", "", false)]
    [InlineData("*", "anything.example", true)]
    [InlineData("", "coupon-api", true)]
    [InlineData("", "127.0.0.1:5000", true)]
    [InlineData("", "[::1]:5000", true)]
    [InlineData("", "rebound.example", false)]
    public void A_host_is_answered_for_where_the_list_says_so(string list, string host, bool isIncluded) =>
        Assert.Equal(isIncluded, new AllowedHosts(list).Includes(new HostString(host)));

    [Fact]
    public void The_last_host_that_was_included_lets_no_other_one_in()
    {
        var hosts = new AllowedHosts("shop.example");
        Assert.False(hosts.Includes(default));
        Assert.False(hosts.Includes(new HostString("")));

        Assert.True(hosts.Includes(new HostString("shop.example:80")));

        Assert.True(hosts.Includes(new HostString("shop.example:80")));
        Assert.False(hosts.Includes(new HostString("other.example:80")));
        Assert.False(hosts.Includes(new HostString("")));
        Assert.False(hosts.Includes(default));
    }
}
