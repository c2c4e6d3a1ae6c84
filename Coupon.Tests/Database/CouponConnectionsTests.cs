using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Database;

public sealed class CouponConnectionsTests(TestServers servers)
{
    [Fact]
    public async Task The_API_does_not_bring_EF_into_its_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process has mapped.");
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var crowd = new Crowd(await CouponClient.CreateAsync(api.Url, 10), api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 20);

        var mapped = await File.ReadAllTextAsync($"/proc/{api.ProcessId}/maps", TestContext.Current.CancellationToken);

        Assert.Equal(10, crowd.Accepted);
        Assert.Contains("/Coupon.Database.dll", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("EntityFrameworkCore", mapped, StringComparison.Ordinal);
    }
}
