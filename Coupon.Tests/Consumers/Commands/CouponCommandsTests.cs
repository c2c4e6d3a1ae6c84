using System.Text.Json.Nodes;
using Coupon.Database;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Commands;

/// <summary><c>coupons list</c> and <c>coupons show</c>, as an operator's script runs them.</summary>
public sealed class CouponCommandsTests(TestServers servers)
{
    private const int Done = 0;
    private const int NothingMatched = 3;

    [Fact]
    public async Task Coupons_are_listed_newest_first_by_stage_and_in_pages()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var (open, scheduled, over, closed) = (
            await AddAsync(fixture, "Offen für alle", opensInHours: null, closesInHours: 1),
            await AddAsync(fixture, "Later", opensInHours: 1, closesInHours: null),
            await AddAsync(fixture, "Over", opensInHours: -2, closesInHours: -1),
            await AddAsync(fixture, "Closed", opensInHours: null, closesInHours: null, isClosed: true)
        );

        Assert.Equal([closed, over, scheduled, open], await IdsAsync(fixture));
        Assert.Equal([open], await IdsAsync(fixture, "--stage", "open"));
        Assert.Equal([scheduled], await IdsAsync(fixture, "--stage", "Scheduled"));
        Assert.Equal([closed, over], await IdsAsync(fixture, "--stage", "closed"));
        Assert.Equal([closed, over], await IdsAsync(fixture, "--limit", "2"));
        Assert.Equal([scheduled, open], await IdsAsync(fixture, "--limit", "2", "--before", $"{over}"));
        var table = await RunAsync(fixture, "list");
        Assert.Equal((Done, ""), (table.ExitCode, table.Words));
        Assert.Contains("Offen für alle", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coupon_is_shown_with_its_dead_letters()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await AddAsync(fixture, "Zwölf 'Stück'", opensInHours: -1, closesInHours: 1);
        await fixture.Ledger.RecordAsync([fixture.Letter(1, coupon), fixture.Letter(2, coupon, ordinal: 2), fixture.Letter(3)], LedgerFixture.Stop);

        var run = await RunAsync(fixture, "show", $"{coupon}", "--output", "json");
        var table = await RunAsync(fixture, "show", $"{coupon}");

        Assert.Equal(Done, run.ExitCode);
        Assert.Contains("Zwölf 'Stück'", run.Output, StringComparison.Ordinal);
        var shown = JsonNode.Parse(run.Output)!;
        Assert.Equal(
            ("open", 12, 0),
            ((string)shown["coupon"]!["stage"]!, (int)shown["coupon"]!["totalQuantity"]!, (int)shown["coupon"]!["persisted"]!)
        );
        Assert.EndsWith("Z", (string)shown["coupon"]!["opensAt"]!, StringComparison.Ordinal);
        var group = Assert.Single(shown["deadLetters"]!.AsArray());
        Assert.Equal(("unknown-coupon", 2), ((string)group!["cause"]!, (int)group["count"]!));
        Assert.Contains("unknown-coupon", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_exit_code_3()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);

        var missing = await RunAsync(fixture, "show", "4711");

        Assert.Equal((NothingMatched, ""), (missing.ExitCode, missing.Output));
        Assert.Contains("There is no coupon 4711.", missing.Words, StringComparison.Ordinal);
        Assert.Equal(NothingMatched, (await RunAsync(fixture, "list")).ExitCode);
    }

    private static async Task<long> AddAsync(LedgerFixture fixture, string title, int? opensInHours, int? closesInHours, bool isClosed = false)
    {
        await using var context = fixture.Open();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = title,
            TotalQuantity = 12,
            OpensAt = opensInHours is { } opens ? now.AddHours(opens) : null,
            ClosesAt = closesInHours is { } closes ? now.AddHours(closes) : null,
            ClosedAt = isClosed ? now : null,
            CreatedAt = now,
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync(LedgerFixture.Stop);
        return coupon.Id;
    }

    private static async Task<IEnumerable<long>> IdsAsync(LedgerFixture fixture, params string[] arguments)
    {
        var run = await RunAsync(fixture, ["list", "--output", "json", .. arguments]);
        Assert.Equal((Done, ""), (run.ExitCode, run.Words));
        return JsonNode.Parse(run.Output)!.AsArray().Select(coupon => (long)coupon!["id"]!);
    }

    private static Task<CommandLineRun> RunAsync(LedgerFixture fixture, params string[] arguments) =>
        CommandLineRun.RunAsync(fixture.Settings.Environment, ["coupons", .. arguments]);
}
