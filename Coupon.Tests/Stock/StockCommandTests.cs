using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Stock;

/// <summary><c>Coupon.Consumers balance</c> and <c>rebuild</c>, as an operator runs them.</summary>
public sealed class StockCommandTests(TestServers servers)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Balance_names_what_is_missing_and_fails_and_rebuild_puts_it_right()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(3);
        await books.PersistAsync(1);
        await books.RemoveFromOutboxAsync(1, 2);

        var (code, output) = await RunAsync(books, "balance", "--output", "json");
        Assert.Equal(1, code);
        var balance = JsonSerializer.Deserialize<JsonElement>(output)[0];
        Assert.Equal([2], balance.GetProperty("missing").EnumerateArray().Select(ordinal => ordinal.GetInt64()));
        Assert.False(balance.GetProperty("addsUp").GetBoolean());

        (code, output) = await RunAsync(books, "rebuild", "--coupon", $"{books.CouponId}", "--output", "json");
        Assert.Equal(0, code);
        Assert.Equal(1, JsonSerializer.Deserialize<JsonElement>(output).GetProperty("coupons")[0].GetProperty("outboxAdded").GetInt64());

        Assert.Equal(0, (await RunAsync(books, "balance")).Code);
    }

    [Theory]
    [InlineData("balance")]
    [InlineData("rebuild")]
    public async Task A_coupon_that_does_not_exist_is_exit_code_3(string command)
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        Assert.Equal(3, (await RunAsync(books, command, "--coupon", "4711")).Code);
    }

    private static async Task<(int Code, string Output)> RunAsync(Books books, params string[] arguments)
    {
        var command = new ChildCommand("dotnet", [ServiceFiles.Find("Coupon.Consumers"), .. arguments]) { Environment = books.Settings.Environment };
        using var process = await ChildProcess.StartAsync(command, logFile: null);
        try
        {
            var output = await process
                .Output.ReadToEndAsync(TestContext.Current.CancellationToken)
                .WaitAsync(_patience, TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(_patience, TestContext.Current.CancellationToken);
            return (process.ExitCode, output);
        }
        finally
        {
            await process.KillAsync();
        }
    }
}
