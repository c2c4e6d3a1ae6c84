using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Coupons;

/// <summary>A deletion destroys nothing that is in flight, even while Redis cannot say what is.</summary>
public sealed class CouponDeletionTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_closed_coupon_that_is_being_verified_keeps_its_outbox()
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        var promised = await api.IssueAsync(keys.CouponId, 1);
        await api.PostAsync($"/coupons/{keys.CouponId}/close");
        await OutboxIsEmptyAsync(keys);

        // An entry as an outage of Kafka leaves it, far from due.
        var waiting = $"1:1:{promised.Json.GetProperty("issuedAt").GetDateTimeOffset().ToUnixTimeMilliseconds()}";
        await api.Redis.SortedSetAddAsync(keys.Outbox, waiting, long.MaxValue / 1024);
        await new SeatMerge(api.Redis, keys, Shard.Whole, await OpenVerificationAsync()).BeginAsync();

        var refused = await api.DeleteAsync($"/coupons/{keys.CouponId}");

        Assert.Equal((503, "stock-unverified"), (refused.Status, refused.Code));
        Assert.NotNull(await api.Redis.SortedSetScoreAsync(keys.Outbox, waiting));
        await Eventually.IsTrueAsync(
            async () => (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Code == "in-flight",
            "it is verified, and still refused"
        );
        Assert.NotNull(await api.Redis.SortedSetScoreAsync(keys.Outbox, waiting));
    }

    [Fact]
    public async Task After_a_flush_a_closed_coupon_is_deleted_only_once_everything_of_it_is_written()
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await api.IssueAsync(keys.CouponId, 1);
        await OutboxIsEmptyAsync(keys);
        await api.PostAsync($"/coupons/{keys.CouponId}/close");
        await api.Redis.ExecuteAsync("FLUSHALL");

        Assert.Equal(503, (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Status);
        await Eventually.IsTrueAsync(
            async () => (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Code == "in-flight",
            "Redis knows again what is in Kafka"
        );
        await api.PersistAsync(keys.CouponId, 1, 1);

        Assert.Equal(204, (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Status);
    }

    [Fact]
    public async Task A_Redis_that_has_lost_its_last_second_and_is_not_verified_yet_is_not_believed()
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await api.IssueAsync(keys.CouponId, 1);
        await api.IssueAsync(keys.CouponId, 2);
        await api.PersistAsync(keys.CouponId, 1, 1);
        await OutboxIsEmptyAsync(keys);
        // No instance can verify: the lock belongs to one that has died.
        await api.Redis.StringSetAsync(ShardKeys.Whole.Verifier, "somebody", TimeSpan.FromMinutes(1));
        await api.Redis.KeyDeleteAsync(ShardKeys.Whole.Verified);
        await Eventually.IsTrueAsync(async () => (await api.GetAsync("/health/ready")).Status == 503, "it is doubted");
        await api.Redis.HashSetAsync(keys.State, StateFields.Issued, 1);

        var refused = await api.DeleteAsync($"/coupons/{keys.CouponId}");
        await api.Redis.KeyDeleteAsync(ShardKeys.Whole.Verifier);

        Assert.Equal((503, "stock-unverified"), (refused.Status, refused.Code));
        await Eventually.IsTrueAsync(
            async () => (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Code == "in-flight",
            "Redis knows again what is in Kafka"
        );
    }

    [Fact]
    public async Task A_deletion_that_died_in_the_middle_can_be_finished()
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await api.IssueAsync(keys.CouponId, 1);
        await api.PersistAsync(keys.CouponId, 1, 1);
        await OutboxIsEmptyAsync(keys);
        await api.PostAsync($"/coupons/{keys.CouponId}/close");

        // The part of the deletion that was done when the process died.
        await api.Redis.KeyDeleteAsync(keys.All);
        await api.Redis.SetRemoveAsync(ShardKeys.Whole.LoadedCoupons, keys.CouponId);

        await Eventually.IsTrueAsync(async () => (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Status == 204, "it is deleted");
        Assert.Equal("unknown-coupon", (await api.GetAsync($"/coupons/{keys.CouponId}")).Code);
        foreach (var key in keys.All)
            Assert.False(await api.Redis.KeyExistsAsync(key));
    }

    [Theory]
    [InlineData(DeadLetterState.Open, 409)]
    [InlineData(DeadLetterState.Discarded, 204)]
    public async Task A_coupon_that_expired_from_Redis_is_deleted_unless_a_dead_letter_is_open(DeadLetterState state, int status)
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await using (var database = TestDatabase.Open(api.Service.MySql))
        {
            (await database.Coupons.FindAsync(keys.CouponId))!.ClosedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-8);
            database.DeadLetters.Add(
                new DeadLetterRow
                {
                    Topic = "t",
                    Partition = 0,
                    Offset = keys.CouponId,
                    ConsumerGroup = "g",
                    State = state,
                    Cause = "test",
                    CouponId = keys.CouponId,
                    Ordinal = 1,
                    UserId = 1,
                    Headers = "[]",
                }
            );
            await database.SaveChangesAsync();
        }

        await api.Redis.KeyDeleteAsync(keys.All);

        Assert.Equal(status, (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Status);
    }

    private Task OutboxIsEmptyAsync(CouponKeys keys) =>
        Eventually.IsTrueAsync(async () => !await api.Redis.KeyExistsAsync(keys.Outbox), "the outbox is empty");

    // The number of a verification whose process has died.
    private async Task<long> OpenVerificationAsync()
    {
        await using var database = TestDatabase.Open(api.Service.MySql);
        var row = new StockVerificationRow
        {
            Reason = "died",
            RequestedBy = "test",
            RequestedAt = DateTime.UnixEpoch,
        };
        database.StockVerifications.Add(row);
        await database.SaveChangesAsync();
        return row.Id;
    }
}
