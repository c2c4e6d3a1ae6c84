namespace Coupon.Faults.Protections;

/// <summary>The protections that can be switched off.</summary>
internal static class AllProtections
{
    private const string Fence = "infra/libraries/Coupon.Stock/Fence/StockFence.cs";

    private static readonly SourceEdit _noEpoch = new(
        "Coupon.Api/Issuing/Deciding/issue.lua",
        "local is_verified = (tonumber(state[6]) or 0) >= tonumber(ARGV[3])",
        "local is_verified = true"
    );

    /// <summary>By name.</summary>
    public static IReadOnlyList<Protection> List { get; } =
    [
        new("unique-key", "UNIQUE (user, coupon) on the rows")
        {
            Statements = ["ALTER TABLE issued_coupons DROP INDEX ux_issued_coupons_user_coupon"],
        },
        new("outbox", "the outbox entry that the script writes with the decision")
        {
            Settings = new Dictionary<string, string> { ["Issuing__OutboxLimit"] = "0" },
        },
        new("lease", "the end of a lease by the clock")
        {
            Edits =
            [
                new(
                    "infra/libraries/Coupon.Stock/LeaseTerm.cs",
                    "internal bool HoldsAt(long timestamp) => timestamp < Volatile.Read(ref _until);",
                    "internal bool HoldsAt(long timestamp) => timestamp > 0 && Volatile.Read(ref _until) != long.MinValue;"
                ),
            ],
        },
        new("hand-back", "what a closed fence hands back")
        {
            Edits =
            [
                new(
                    "Coupon.Api/Issuing/Remembering/UnconfirmedIssuances.cs",
                    "foreach (var coupon in Entries().Where(entry => isOf(entry.CouponId)).GroupBy(entry => entry.CouponId, entry => entry.Member))",
                    "foreach (var coupon in Entries().Where(_ => options is null).GroupBy(entry => entry.CouponId, entry => entry.Member))"
                ),
                new(
                    "infra/libraries/Coupon.Stock/Fence/HandBack.cs",
                    "await seats.AddAsync(held, either.Token);",
                    "await seats.AddAsync([.. held.Where(_ => options is null)], either.Token);"
                ),
            ],
        },
        new("epoch", "the epoch that the script compares") { Edits = [_noEpoch] },
        new("epoch-and-events", "the epoch, and the events of the client of Redis, which close the fence before a script meets another Redis")
        {
            Edits =
            [
                _noEpoch,
                new(Fence, "redis.ConnectionFailed += (_, failure) => Connected(", "_ = (EndPointEventArgs failure) => Connected("),
                new(Fence, "redis.ConnectionRestored += (_, failure) => Connected(", "_ = (EndPointEventArgs failure) => Connected("),
                new(Fence, "redis.ConfigurationChanged += (_, _) => Changed();", "_ = () => Changed();"),
            ],
        },
        new("reply-fence", "the last look at the lease before an answer")
        {
            Edits =
            [
                new(
                    "Coupon.Api/Issuing/Deciding/Issuer.cs",
                    "if (reply.Outcome == IssueOutcome.NotVerified || !fence.Holds(term))",
                    "if (reply.Outcome == IssueOutcome.NotVerified)"
                ),
            ],
        },
        new("tombstone", "the tombstone that a deletion leaves in MySQL and in Redis")
        {
            Edits =
            [
                new(
                    "infra/libraries/Coupon.Database/CouponRemoval.cs",
                    "INSERT INTO deleted_coupons (id, deleted_at) VALUES (@couponId, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE id = id",
                    "DO 0"
                ),
                new(
                    "infra/libraries/Coupon.Stock/StockTerms.cs",
                    "await redis.GetDatabase().SetAddAsync(shard.Keys.Deleted, couponId);",
                    "await redis.GetDatabase().PingAsync();"
                ),
            ],
        },
        new("offset-after-transaction", "the offset that is committed only after the transaction")
        {
            Edits =
            [
                new(
                    "Coupon.Consumers/Issuing/CouponIssuedBatchConsumer.cs",
                    "var rejections = await writing.WriteAsync(count == issuances.Length ? issuances : issuances[..count], undecodable, "
                        + "context.CancellationToken);",
                    "_ = writing.WriteAsync(count == issuances.Length ? issuances : issuances[..count], [], CancellationToken.None);\n"
                        + "        var rejections = undecodable;"
                ),
            ],
        },
    ];
}
