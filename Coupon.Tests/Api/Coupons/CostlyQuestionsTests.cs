using System.Globalization;
using Coupon.Stock.Shards;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Coupons;

/// <summary>What balances and rebuilds cost the instance that is asked for them, however often it is.</summary>
public sealed class CostlyQuestionsTests(ApiUnderTest api, TestServers servers) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task Two_hundred_balances_at_once_take_neither_threads_nor_descriptors()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var process = await service.StartApiAsync();
        var coupon = await CouponClient.CreateAsync(process.Url, 10);
        using var http = TwoDoors.Client(process.Url);
        Assert.Equal(200, (int)(await http.GetAsync(new Uri($"/coupons/{coupon}/balance", UriKind.Relative))).StatusCode);
        var before = UsesOf(process.ProcessId);

        var asks = Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async index =>
                {
                    using var answer = await http.GetAsync(new Uri($"/coupons/{(index % 2 == 0 ? coupon : index)}/balance", UriKind.Relative));
                    return (int)answer.StatusCode;
                })
        );
        var most = before;
        while (!asks.IsCompleted)
        {
            var now = UsesOf(process.ProcessId);
            most = (Math.Max(most.Threads, now.Threads), Math.Max(most.Descriptors, now.Descriptors));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal([(200, 100), (404, 100)], (await asks).GroupBy(status => status).Select(group => (group.Key, group.Count())).Order());

        // The connections of the clients are descriptors too, 200 of them; a reader of the topics has ten threads.
        Assert.InRange(most.Threads, 0, before.Threads + 40);
        Assert.InRange(most.Descriptors, 0, before.Descriptors + 200 + 100);
    }

    [Fact]
    public async Task A_rebuild_of_nothing_is_told_so_while_another_one_runs()
    {
        await api.Redis.LockTakeAsync(ShardKeys.Whole.Verifier, "somebody", TimeSpan.FromSeconds(30));
        try
        {
            Assert.Equal("unknown-coupon", (await api.PostAsync("/coupons/4712/rebuild")).Code);
        }
        finally
        {
            await api.Redis.LockReleaseAsync(ShardKeys.Whole.Verifier, "somebody");
        }
    }

    [Fact]
    public async Task A_coupon_that_is_rebuilt_again_and_again_is_left_alone_for_a_while_and_the_others_are_not()
    {
        var (coupon, other) = (await api.CreateCouponAsync(10), await api.CreateCouponAsync(10));
        var answers = new List<Answer>();
        for (var i = 0; i < 4; i++)
            answers.Add(await api.PostAsync($"/coupons/{coupon}/rebuild"));

        Assert.Equal([200, 200, 200, 429], answers.Select(answer => answer.Status));
        Assert.Equal("rebuilt-recently", answers[^1].Code);
        Assert.InRange(answers[^1].RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await api.PostAsync($"/coupons/{other}/rebuild")).Status);
    }

    [Fact]
    public async Task Rebuilds_of_several_coupons_at_once_are_all_done()
    {
        var coupons = new List<long>();
        for (var i = 0; i < 6; i++)
            coupons.Add(await api.CreateCouponAsync(10));

        var answers = await Task.WhenAll(coupons.Select(coupon => api.PostAsync($"/coupons/{coupon}/rebuild")));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(
            coupons,
            answers.Select(answer => Assert.Single(answer.Json.GetProperty("coupons").EnumerateArray()).GetProperty("couponId").GetInt64())
        );
    }

    private static (int Threads, int Descriptors) UsesOf(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("Threads:", StringComparison.Ordinal));
        return (
            int.Parse(line.AsSpan("Threads:".Length).Trim(), CultureInfo.InvariantCulture),
            Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count()
        );
    }
}
