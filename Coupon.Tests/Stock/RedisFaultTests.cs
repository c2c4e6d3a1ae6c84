using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

/// <summary>A Redis that comes back with less than it had acknowledged sells nothing twice and loses nothing that was accepted.</summary>
public sealed class RedisFaultTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_under_load_Redis_comes_back_and_the_sale_goes_on()
    {
        await using var sale = await FaultySale.StartAsync(servers, stock: 1_000_000);
        await using var crowd = sale.Open();
        for (var kill = 0; kill < 2; kill++)
        {
            await crowd.UntilAcceptedAsync(500);
            await sale.Redis.KillAsync();
            await sale.Redis.StartAgainAsync(Cancel);
        }

        await crowd.UntilAcceptedAsync(300);
        await sale.AuditAsync(crowd);
    }

    [Fact]
    public async Task With_the_end_of_its_file_cut_off_Redis_is_brought_up_to_what_Kafka_knows()
    {
        await using var sale = await FaultySale.StartAsync(servers, stock: 1_000_000);
        await using var crowd = sale.Open();
        await crowd.UntilAcceptedAsync(3000, seconds: 60);
        await sale.Redis.KillAsync();
        CutOff(sale.Redis.AppendOnlyFolder, 500_000);
        await sale.Redis.StartAgainAsync(Cancel);
        await crowd.UntilAcceptedAsync(300);
        await sale.AuditAsync(crowd);
    }

    [Fact]
    public async Task Flushed_under_load_Redis_learns_again_who_has_what()
    {
        await using var sale = await FaultySale.StartAsync(servers, stock: 1_000_000);
        await using var crowd = sale.Open();
        await crowd.UntilAcceptedAsync(1000);
        await FlushAsync(sale);
        await crowd.UntilAcceptedAsync(300);
        await sale.AuditAsync(crowd);
    }

    [Fact]
    public async Task Sold_out_stays_sold_out_through_a_flush()
    {
        await using var sale = await FaultySale.StartAsync(servers, stock: 800);
        await using var crowd = sale.Open();
        await crowd.UntilAcceptedAsync(500);
        await FlushAsync(sale);
        while (!crowd.Refused.ContainsKey("sold-out")) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        await FlushAsync(sale);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Cancel);
        await sale.AuditAsync(crowd);
        Assert.Equal(800, (await sale.UserByOrdinalAsync()).Count);
    }

    private static void CutOff(string folder, int bytes)
    {
        var file = Directory.GetFiles(folder, "*.incr.aof").Order().Last();
        using var stream = File.OpenWrite(file);
        Assert.True(stream.Length > bytes, $"only {stream.Length} bytes were appended");
        stream.SetLength(stream.Length - bytes);
    }

    private static async Task FlushAsync(FaultySale sale)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{sale.Redis.ConnectionString},allowAdmin=true");
        await redis.GetServers().Single().FlushAllDatabasesAsync();
    }
}
