using Coupon.Api.Coupons;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Coupons;

public sealed class CouponLifeTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_restock_adds_seats_and_keeps_all_holders()
    {
        var coupon = await api.CreateCouponAsync(1);
        await api.IssueAsync(coupon, 1);

        var restocked = await api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":2}""");

        Assert.Equal((200, 3L, 2L), (restocked.Status, restocked.Number("totalQuantity"), restocked.Number("remaining")));
        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 1)).Code);
        Assert.Equal(2, (await api.IssueAsync(coupon, 2)).Number("ordinal"));
    }

    [Fact]
    public async Task A_restock_with_the_expected_total_adds_once_however_often_it_is_sent()
    {
        var coupon = await api.CreateCouponAsync(10);
        var body = """{"quantity":5,"expectedTotalQuantity":10}""";

        Assert.Equal(15, (await api.PostAsync($"/coupons/{coupon}/restock", body)).Number("remaining"));
        Assert.Equal(
            (409, "total-changed"),
            ((await api.PostAsync($"/coupons/{coupon}/restock", body)) is var again ? (again.Status, again.Code) : default)
        );
        Assert.Equal(15, (await api.GetAsync($"/coupons/{coupon}")).Number("remaining"));
    }

    [Fact]
    public async Task A_restock_that_died_before_it_reached_redis_is_completed_by_the_next_try()
    {
        var coupon = await api.CreateCouponAsync(10);

        // The part of the request that was done when the process died.
        await ChangeAsync(coupon, row => row.TotalQuantity = 15);

        Assert.Equal("total-changed", (await api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":5,"expectedTotalQuantity":10}""")).Code);

        Assert.Equal(15, (await api.GetAsync($"/coupons/{coupon}")).Number("remaining"));
    }

    [Fact]
    public async Task Reconciling_applies_to_redis_a_change_that_only_reached_the_database()
    {
        var coupon = await api.CreateCouponAsync(10);
        await ChangeAsync(coupon, row => row.TotalQuantity = 15);

        await api.Services.GetRequiredService<CouponReconciliation>().ReconcileAsync(CancellationToken.None);

        Assert.Equal(15, (await api.GetAsync($"/coupons/{coupon}")).Number("remaining"));
    }

    [Fact]
    public async Task A_coupon_that_ends_in_the_year_9999_does_not_stop_the_reconciliation()
    {
        await api.CreateCouponAsync(10, closesAt: DateTimeOffset.MaxValue.AddDays(-1));
        var coupon = await api.CreateCouponAsync(10);
        await ChangeAsync(coupon, row => row.TotalQuantity = 15);

        await api.Services.GetRequiredService<CouponReconciliation>().ReconcileAsync(CancellationToken.None);

        Assert.Equal(15, (await api.GetAsync($"/coupons/{coupon}")).Number("remaining"));
    }

    [Fact]
    public async Task Reconciling_removes_from_redis_a_coupon_that_was_deleted_from_the_database()
    {
        var (deleted, kept) = (await api.CreateCouponAsync(10), await api.CreateCouponAsync(10));
        await using (var database = TestDatabase.Open(api.Service.MySql))
        {
            database.Remove(database.Coupons.Single(row => row.Id == deleted));
            database.Add(new DeletedCouponRow { Id = deleted, DeletedAt = TimeProvider.System.GetUtcNow().UtcDateTime });
            await database.SaveChangesAsync();
        }

        await api.Services.GetRequiredService<CouponReconciliation>().ReconcileAsync(CancellationToken.None);

        Assert.False(await api.Redis.KeyExistsAsync(new CouponKeys(deleted).State));
        Assert.False(await api.Redis.SetContainsAsync(ShardKeys.Whole.LoadedCoupons, deleted));
        Assert.Equal("unknown-coupon", (await api.IssueAsync(deleted, 1)).Code);
        Assert.Equal(202, (await api.IssueAsync(kept, 1)).Status);
    }

    [Fact]
    public async Task Reconciling_loads_a_coupon_whose_creator_died_before_it_reached_redis()
    {
        long coupon;
        await using (var database = TestDatabase.Open(api.Service.MySql))
        {
            var row = database
                .Add(
                    new CouponRow
                    {
                        Id = NewCouponId.Next(),
                        Title = "Half created",
                        TotalQuantity = 3,
                        CreatedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1),
                    }
                )
                .Entity;
            await database.SaveChangesAsync();
            coupon = row.Id;
        }

        await api.Services.GetRequiredService<CouponReconciliation>().ReconcileAsync(CancellationToken.None);

        await Eventually.IsTrueAsync(() => api.Redis.KeyExistsAsync(new CouponKeys(coupon).State), "it is in Redis");
        Assert.Equal(202, (await api.IssueAsync(coupon, 1)).Status);
    }

    [Fact]
    public async Task A_coupon_is_removed_from_redis_a_week_after_its_end_unless_something_is_on_its_way()
    {
        var (written, underWay, recent) = (await api.CreateCouponAsync(10), await api.CreateCouponAsync(10), await api.CreateCouponAsync(10));
        foreach (var coupon in new[] { written, underWay, recent })
            await api.IssueAsync(coupon, 1);
        foreach (var coupon in new[] { written, recent })
            await api.PersistAsync(coupon, 1, 1);
        await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetLengthAsync(new CouponKeys(written).Outbox) == 0, "the outbox is empty");
        foreach (var coupon in new[] { written, underWay })
            await ChangeAsync(coupon, row => row.ClosedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-8));
        await ChangeAsync(recent, row => row.ClosedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-6));

        await api.Services.GetRequiredService<CouponReconciliation>().ReconcileAsync(CancellationToken.None);

        Assert.False(await api.Redis.KeyExistsAsync(new CouponKeys(written).State));
        Assert.True(await api.Redis.KeyExistsAsync(new CouponKeys(underWay).State));
        Assert.True(await api.Redis.KeyExistsAsync(new CouponKeys(recent).State));
        Assert.Equal("already-issued", (await api.IssueAsync(written, 1)).Code);
        Assert.Equal("already-issued", (await api.IssueAsync(written, 1, "another-key")).Code);
        Assert.Equal("closed", (await api.IssueAsync(written, 2)).Code);
    }

    [Theory]
    [InlineData("{}", "invalid-request")]
    [InlineData("""{"quantity":0}""", "invalid-request")]
    [InlineData("""{"quantity":-5}""", "invalid-request")]
    [InlineData("""{"quantity":1000000000}""", "invalid-request")]
    [InlineData("""{"quantity":"5"}""", "invalid-json")]
    public async Task An_invalid_restock_changes_nothing(string body, string code)
    {
        var coupon = await api.CreateCouponAsync(10);

        Assert.Equal(code, (await api.PostAsync($"/coupons/{coupon}/restock", body)).Code);
        Assert.Equal(10, (await api.GetAsync($"/coupons/{coupon}")).Number("remaining"));
    }

    [Fact]
    public async Task A_closed_coupon_gives_out_none_and_cannot_be_restocked_but_keeps_its_holders()
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.IssueAsync(coupon, 1);

        var closed = await api.PostAsync($"/coupons/{coupon}/close");
        var closedAgain = await api.PostAsync($"/coupons/{coupon}/close");

        Assert.Equal((200, "closed"), (closed.Status, closed.Text("state")));
        Assert.Equal(closed.Text("closedAt"), closedAgain.Text("closedAt"));
        Assert.Equal((409, "closed"), ((await api.IssueAsync(coupon, 2)) is var late ? (late.Status, late.Code) : default));
        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 1)).Code);
        Assert.Equal("closed", (await api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":1}""")).Code);
    }

    [Fact]
    public async Task Deleting_is_refused_while_anything_is_on_its_way_and_leaves_the_coupon_on_sale()
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.IssueAsync(coupon, 1);

        var refused = await api.DeleteAsync($"/coupons/{coupon}");

        Assert.Equal((409, "in-flight"), (refused.Status, refused.Code));
        Assert.Equal(202, (await api.IssueAsync(coupon, 2)).Status);
    }

    [Fact]
    public async Task Deleting_removes_everything_once_all_is_written()
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.IssueAsync(coupon, 1);
        await api.PersistAsync(coupon, 1, 1);
        await using var database = TestDatabase.Open(api.Service.MySql);
        database.Add(
            new ForgottenOrdinalRow
            {
                CouponId = coupon,
                Ordinal = 9,
                VerificationId = 1,
                ForgottenAt = TimeProvider.System.GetUtcNow().UtcDateTime,
            }
        );
        await database.SaveChangesAsync();
        await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetLengthAsync(new CouponKeys(coupon).Outbox) == 0, "the outbox is empty");

        Assert.Equal(204, (await api.DeleteAsync($"/coupons/{coupon}")).Status);

        Assert.Equal("unknown-coupon", (await api.GetAsync($"/coupons/{coupon}")).Code);
        Assert.Equal("unknown-coupon", (await api.IssueAsync(coupon, 2)).Code);
        Assert.Equal("unknown-coupon", (await api.GetAsync($"/coupons/{coupon}/issuances/1")).Code);
        Assert.Equal("unknown-coupon", (await api.DeleteAsync($"/coupons/{coupon}")).Code);
        foreach (var key in new CouponKeys(coupon).All)
            Assert.False(await api.Redis.KeyExistsAsync(key));
        Assert.False(await api.Redis.SetContainsAsync(ShardKeys.Whole.LoadedCoupons, coupon));
        Assert.False(database.IssuedCoupons.Any(row => row.CouponId == coupon));
        Assert.False(database.Set<ForgottenOrdinalRow>().Any(row => row.CouponId == coupon));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/close")]
    [InlineData("POST", "/restock")]
    [InlineData("DELETE", "")]
    public async Task An_unknown_coupon_is_a_404(string method, string action)
    {
        var path = $"/coupons/999999997{action}";
        var answer = method switch
        {
            "GET" => await api.GetAsync(path),
            "DELETE" => await api.DeleteAsync(path),
            _ => await api.PostAsync(path, """{"quantity":1}"""),
        };

        Assert.Equal((404, "unknown-coupon"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Coupons_are_listed_newest_first_page_by_page()
    {
        var created = new List<long>();
        for (var i = 0; i < 5; i++)
            created.Add(await api.CreateCouponAsync(1));

        var listed = new List<long>();
        for (var path = "/coupons?limit=2"; path is not null && listed.Count < 5; )
        {
            var page = await api.GetAsync(path);
            listed.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            path = page.Text("next");
        }

        Assert.Equal(created.OrderDescending(), listed.Take(5));
    }

    [Fact]
    public async Task A_full_last_page_has_no_next()
    {
        var older = await api.CreateCouponAsync(1);
        while (
            await api.GetAsync($"/coupons?before={older}&limit=200") is var page
            && page.Json.GetProperty("items").EnumerateArray().ToList() is [.., var last]
        )
            older = last.GetProperty("id").GetInt64();

        var oldest = await api.GetAsync($"/coupons?before={older + 1}&limit=1");

        Assert.Single(oldest.Json.GetProperty("items").EnumerateArray());
        Assert.Null(oldest.Text("next"));
    }

    [Fact]
    public async Task A_users_coupons_are_those_in_the_database_newest_first()
    {
        var (first, second) = (await api.CreateCouponAsync(1), await api.CreateCouponAsync(1));
        await api.PersistAsync(first, 1, 777);
        await api.PersistAsync(second, 1, 777);

        var page = await api.GetAsync("/users/777/coupons?limit=1");
        var next = await api.GetAsync(page.Text("next")!);

        Assert.Equal($"{second}-1", Assert.Single(page.Json.GetProperty("items").EnumerateArray()).GetProperty("issuanceId").GetString());
        Assert.Equal($"{first}-1", Assert.Single(next.Json.GetProperty("items").EnumerateArray()).GetProperty("issuanceId").GetString());
        Assert.Null(next.Text("next"));
        Assert.Empty((await api.GetAsync("/users/778/coupons")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_issuance_is_pending_until_its_row_is_there()
    {
        var coupon = await api.CreateCouponAsync(10);
        var issued = await api.IssueAsync(coupon, 1);

        var pending = await api.GetAsync(issued.Location!);
        await api.PersistAsync(coupon, 1, 1);
        var written = await api.GetAsync(issued.Location!);

        Assert.Equal(("pending", null), (pending.Text("status"), pending.Text("persistedAt")));
        Assert.Equal("issued", written.Text("status"));
        Assert.NotNull(written.Text("persistedAt"));
        Assert.Equal("not-issued", (await api.GetAsync($"/coupons/{coupon}/issuances/2")).Code);
    }

    [Fact]
    public async Task An_issuance_with_an_open_dead_letter_has_failed_and_says_why()
    {
        var coupon = await api.CreateCouponAsync(10);
        var issued = await api.IssueAsync(coupon, 1);
        await AddOpenDeadLetterAsync(coupon, user: 1, "over-issued");

        var failed = await api.GetAsync(issued.Location!);

        Assert.Equal((200, "failed", "over-issued"), (failed.Status, failed.Text("status"), failed.Text("reason")));
    }

    [Fact]
    public async Task Another_users_dead_letter_for_the_same_ordinal_says_nothing_of_this_user()
    {
        var coupon = await api.CreateCouponAsync(10);
        var issued = await api.IssueAsync(coupon, 1);
        await AddOpenDeadLetterAsync(coupon, user: 2, "ordinal-taken");

        Assert.Equal("pending", (await api.GetAsync(issued.Location!)).Text("status"));
    }

    // A row of the ledger for the coupon's first ordinal.
    private async Task AddOpenDeadLetterAsync(long coupon, long user, string cause)
    {
        await using var database = TestDatabase.Open(api.Service.MySql);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        database.DeadLetters.Add(
            new DeadLetterRow
            {
                Topic = "t",
                Partition = 0,
                Offset = coupon,
                ConsumerGroup = "g",
                State = DeadLetterState.Open,
                Cause = cause,
                CouponId = coupon,
                Ordinal = 1,
                UserId = user,
                Headers = "[]",
                FirstFailedAt = now,
                LastFailedAt = now,
                RecordedAt = now,
                UpdatedAt = now,
            }
        );
        await database.SaveChangesAsync();
    }

    private async Task ChangeAsync(long coupon, Action<CouponRow> change)
    {
        await using var database = TestDatabase.Open(api.Service.MySql);
        change((await database.Coupons.FindAsync(coupon))!);
        await database.SaveChangesAsync();
    }
}
