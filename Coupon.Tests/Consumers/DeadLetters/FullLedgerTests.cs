using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>
/// What the console reads of 50,000 dead letters. A time would say more of the machine than of the statements: the rows that they read are counted.
/// </summary>
public sealed class FullLedgerTests(TestServers servers) : IAsyncLifetime
{
    // More than the rows of a page, and far less than the ledger.
    private const int Few = 1_000;

    private const int Letters = 50_000;

    private ServiceProvider _services = null!;

    private DeadLetterQueries Queries => new(_services.GetRequiredService<IDbContextFactory<CouponDbContext>>());

    public async ValueTask InitializeAsync()
    {
        var database = await servers.CreateDatabaseAsync();
        await FullLedger.FillAsync(database, Letters);
        _services = new ServiceCollection().AddCouponDatabase(RowsRead.OnlyOne(database)).BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public static TheoryData<string, DeadLetterFilter> Filters =>
        new()
        {
            { "all", new DeadLetterFilter() },
            {
                "state",
                new DeadLetterFilter { States = [DeadLetterState.Open] }
            },
            {
                "rare state",
                new DeadLetterFilter { States = [DeadLetterState.Discarded] }
            },
            {
                "cause",
                new DeadLetterFilter { Cause = "over-issued" }
            },
            {
                "cause and state",
                new DeadLetterFilter { Cause = "over-issued", States = [DeadLetterState.Open] }
            },
            {
                "coupon",
                new DeadLetterFilter { CouponId = 17 }
            },
            {
                "coupon and state",
                new DeadLetterFilter { CouponId = 17, States = [DeadLetterState.Open] }
            },
            {
                "user",
                new DeadLetterFilter { UserId = 4711 }
            },
            {
                "origin",
                new DeadLetterFilter
                {
                    Topic = "coupon-issued",
                    Partition = 4,
                    Offset = 16,
                }
            },
            {
                "text that is frequent",
                new DeadLetterFilter { Text = "is refused" }
            },
        };

    [Theory]
    [MemberData(nameof(Filters), DisableDiscoveryEnumeration = true)]
    public async Task A_page_reads_hardly_more_than_it_shows(string named, DeadLetterFilter filter)
    {
        foreach (var newestFirst in (bool[])[true, false])
        {
            var read = await ReadAsync(() =>
                Queries.ListAsync(filter, new DeadLetterSlice(0, 100, newestFirst), TestContext.Current.CancellationToken)
            );
            Assert.True(read.ByIndex < Few && read.ByScan < Few, $"{named}, newest first {newestFirst}: {read}");
        }
    }

    [Fact]
    public async Task Groups_and_counts_read_an_index_once_and_no_row()
    {
        var groups = await ReadAsync(() => Queries.GroupsAsync(new DeadLetterFilter(), TestContext.Current.CancellationToken));
        var failures = await ReadAsync(() => Queries.FailureGroupsAsync(new DeadLetterFilter(), TestContext.Current.CancellationToken));
        var count = await ReadAsync(() =>
            Queries.CountAsync(new DeadLetterFilter { States = [DeadLetterState.Open] }, TestContext.Current.CancellationToken)
        );
        var byCoupon = await ReadAsync(() =>
            Queries.CountByCouponAsync(
                [.. Enumerable.Range(451, 50).Select(id => (long)id)],
                DeadLetterState.Open,
                TestContext.Current.CancellationToken
            )
        );

        foreach (var read in (RowsRead[])[groups, failures, count])
            Assert.True(read.ByIndex <= Letters + Few && read.ByScan < Few, $"{read}");
        Assert.InRange(byCoupon.ByIndex, 1, 50 * 100 + Few);
        Assert.True(byCoupon.ByScan < Few, $"{byCoupon}");
    }

    [Fact]
    public async Task The_letters_are_what_the_tests_believe()
    {
        var open = new DeadLetterFilter { States = [DeadLetterState.Open] };

        Assert.Equal(Letters * 4 / 5, await Queries.CountAsync(open, TestContext.Current.CancellationToken));
        Assert.Equal(
            12_500,
            await Queries.CountAsync(new DeadLetterFilter { FailedIn = DeadLetterFilter.NoFrame }, TestContext.Current.CancellationToken)
        );
        var newest = await Queries.ListAsync(open, new DeadLetterSlice(0, 3, NewestFirst: true), TestContext.Current.CancellationToken);
        Assert.Equal([49_999, 49_998, 49_997], newest.Select(letter => letter.Offset));
        var next = await Queries.ListAsync(open, new DeadLetterSlice(newest[^1].Id, 1, NewestFirst: true), TestContext.Current.CancellationToken);
        Assert.Equal(49_996, Assert.Single(next).Offset);
    }

    private Task<RowsRead> ReadAsync(Func<Task> work) => RowsRead.ByAsync(_services.GetRequiredService<MySqlDataSource>(), work);
}
