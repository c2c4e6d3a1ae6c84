using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using static Coupon.Tests.Consumers.Issuing.WritingFixture;

namespace Coupon.Tests.Consumers.DeadLetters;

public sealed class DeadLetterDiscardTests(TestServers servers)
{
    [Fact]
    public async Task A_discarded_ordinal_is_void_and_a_late_copy_of_its_message_is_refused()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerFixture.Stop);

        Assert.Equal(1, (await DiscardAsync(fixture, returnSeat: false)).Done);

        var result = await fixture.Get<PoisonIsolation>().WriteAsync(Issuances(coupon.Id, 3), int.MaxValue, LedgerFixture.Stop);
        Assert.Equal(RejectionCauses.OrdinalVoided, Assert.Single(result.Rejections).Cause);
        Assert.Equal(2, result.Inserted);
        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Discarded, false), (row.State, row.SeatReturnRequested));
        Assert.Equal((DeadLetterAction.Discarded, "an operator", "a good reason"), (audit[^1].Action, audit[^1].Actor, audit[^1].Detail));
        Assert.Equal((1, 0, 7L), await fixture.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task A_returned_seat_goes_back_to_the_stock_and_its_user_may_ask_again()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerFixture.Stop);

        Assert.Equal(1, (await DiscardAsync(fixture, returnSeat: true)).Done);
        Assert.Equal(0, await fixture.Get<SeatReturns>().FinishAsync(LedgerFixture.Stop));

        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon.Id));
        Assert.Null(await fixture.Get<SeatHolders>().OrdinalOfAsync(coupon.Id, 1003));
        Assert.Equal(2, await fixture.Get<SeatHolders>().OrdinalOfAsync(coupon.Id, 1002));
        Assert.Equal(DeadLetterAction.SeatReturned, (await fixture.OnlyOneAsync()).Audit[^1].Action);
    }

    [Fact]
    public async Task Two_copies_of_one_message_return_one_seat()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003), fixture.Letter(6, coupon.Id, ordinal: 3, user: 1003)],
            LedgerFixture.Stop
        );

        await Task.WhenAll(DiscardAsync(fixture, returnSeat: true), DiscardAsync(fixture, returnSeat: true));
        await DiscardAsync(fixture, returnSeat: false);

        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task Discarded_by_many_at_once_each_is_discarded_once_and_returns_one_seat()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 100, issued: 60);
        await fixture.Ledger.RecordAsync(
            [.. Enumerable.Range(1, 60).Select(ordinal => fixture.Letter(ordinal, coupon.Id, ordinal, ordinal + 1000))],
            LedgerFixture.Stop
        );

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DiscardAsync(fixture, returnSeat: true)).Append(FinishAsync(fixture)));

        Assert.All(results, result => Assert.Empty(result.Failures));
        Assert.Equal(60, results.Sum(result => result.Done));
        Assert.Equal((60, 60, 100L), await fixture.SeatsAsync(coupon.Id));
        await using var context = fixture.Open();
        Assert.Equal(60, context.DeadLetterAudit.Count(entry => entry.Action == DeadLetterAction.Discarded));
        await fixture.Get<SeatReturns>().FinishAsync(LedgerFixture.Stop);
        Assert.Equal(60, context.DeadLetterAudit.Count(entry => entry.Action == DeadLetterAction.SeatReturned));
        Assert.Equal(0, (await DiscardAsync(fixture, returnSeat: true)).Matched);
    }

    [Fact]
    public async Task A_discard_whose_commits_were_never_answered_is_done_once_and_returns_its_seat()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerFixture.Stop);

        // The answers that are lost: of the first attempt to discard, whose second does not commit; then of the first attempt to record the seat.
        fixture.Answers.LoseNext(2);
        var result = await DiscardAsync(fixture, returnSeat: true);

        Assert.Equal((1, 1, 0, 2), (result.Matched, result.Done, result.Skipped, fixture.Answers.Lost));
        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon.Id));
        Assert.Equal(
            [DeadLetterAction.Recorded, DeadLetterAction.Discarded, DeadLetterAction.SeatReturned],
            (await fixture.OnlyOneAsync()).Audit.Select(entry => entry.Action)
        );
    }

    [Fact]
    public async Task A_seat_that_cannot_be_returned_holds_up_no_other_and_one_of_a_deleted_coupon_counts_as_returned()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var broken = await fixture.SellAsync(total: 10, issued: 1);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync(
            [
                fixture.Letter(5, broken.Id, ordinal: 1, user: 1001),
                fixture.Letter(6, coupon: 777_777),
                fixture.Letter(7, coupon.Id, ordinal: 3, user: 1003),
            ],
            LedgerFixture.Stop
        );

        // All are discarded and no seat has been returned; the key of the first coupon in Redis has a wrong type.
        await using var context = fixture.Open();
        await context
            .Coupons.Where(row => row.Id == coupon.Id)
            .ExecuteUpdateAsync(
                row => row.SetProperty(changed => changed.ReturnedQuantity, 1).SetProperty(changed => changed.VoidedQuantity, 1),
                LedgerFixture.Stop
            );
        await context.DeadLetters.ExecuteUpdateAsync(
            row => row.SetProperty(changed => changed.State, DeadLetterState.Discarded).SetProperty(changed => changed.SeatReturnRequested, true),
            LedgerFixture.Stop
        );
        await fixture.Redis.KeyDeleteAsync(new CouponKeys(broken.Id).Users);
        await fixture.Redis.StringSetAsync(new CouponKeys(broken.Id).Users, "not a hash");

        await fixture.Get<SeatReturns>().FinishAsync(LedgerFixture.Stop);

        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon.Id));
        Assert.Equal(
            [false, true, true],
            await context.DeadLetters.OrderBy(row => row.Offset).Select(row => row.SeatReturnedAt != null).ToListAsync(LedgerFixture.Stop)
        );
        Assert.Contains(context.DeadLetterAudit, entry =>
            entry.Action == DeadLetterAction.SeatReturned && entry.Detail!.Contains("deleted", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(2, 999)]
    [InlineData(900, 999)]
    public async Task A_message_that_names_an_ordinal_that_is_not_its_own_voids_nothing(long ordinal, long user)
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal, user)], LedgerFixture.Stop);

        Assert.Equal(1, (await DiscardAsync(fixture, returnSeat: false)).Done);

        // The message of the holder was still in Kafka.
        Assert.Equal(3, (await fixture.Get<PoisonIsolation>().WriteAsync(Issuances(coupon.Id, 3), int.MaxValue, LedgerFixture.Stop)).Inserted);
        Assert.Equal((0, 0, 7L), await fixture.SeatsAsync(coupon.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ordinal_that_was_counted_as_forgotten_is_not_counted_again_when_its_message_turns_up_and_is_discarded(bool returnSeat)
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await using var context = fixture.Open();
        context.ForgottenOrdinals.Add(
            new ForgottenOrdinalRow
            {
                CouponId = coupon.Id,
                Ordinal = 3,
                VerificationId = 1,
                ForgottenAt = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc),
            }
        );
        await context.SaveChangesAsync(LedgerFixture.Stop);
        await context.Coupons.ExecuteUpdateAsync(
            row => row.SetProperty(changed => changed.ReturnedQuantity, 1).SetProperty(changed => changed.VoidedQuantity, 1),
            LedgerFixture.Stop
        );
        await fixture.Get<StockTerms>().ApplyAsync(CouponTerms.Of(await context.Coupons.AsNoTracking().SingleAsync(LedgerFixture.Stop)));
        await fixture.Redis.HashDeleteAsync(new CouponKeys(coupon.Id).Users, 1003);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerFixture.Stop);

        Assert.Equal(1, (await DiscardAsync(fixture, returnSeat)).Done);

        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon.Id));
        Assert.Empty(context.ForgottenOrdinals);
        Assert.NotNull((await fixture.OnlyOneAsync()).Letter.SeatReturnedAt);
    }

    [Fact]
    public async Task No_seat_is_returned_that_was_never_taken()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(5, coupon.Id, ordinal: 900, user: 1003), fixture.Letter(6, coupon: 777_777), fixture.Letter(7) with { Value = [1] }],
            LedgerFixture.Stop
        );

        var result = await DiscardAsync(fixture, returnSeat: true);

        Assert.Equal(3, result.Failures.Count);
        Assert.Equal((0, 0, 7L), await fixture.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task No_seat_is_returned_that_is_in_the_database()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Get<PoisonIsolation>().WriteAsync(Issuances(coupon.Id, 3), int.MaxValue, LedgerFixture.Stop);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerFixture.Stop);

        Assert.Contains("in use", Assert.Single((await DiscardAsync(fixture, returnSeat: true)).Failures).Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await DiscardAsync(fixture, returnSeat: false)).Done);

        // The row is there, so no ordinal is voided.
        Assert.Equal((0, 0, 7L), await fixture.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task A_replay_that_may_be_written_at_any_moment_cannot_be_discarded()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        await fixture.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerFixture.Stop);

        Assert.Equal(0, (await DiscardAsync(fixture, returnSeat: false)).Matched);
        Assert.Equal(DeadLetterState.Replayed, (await fixture.OnlyOneAsync()).Letter.State);
    }

    [Fact]
    public async Task Without_Redis_the_first_question_that_it_does_not_answer_is_the_last_that_is_asked()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync(
            [
                fixture.Letter(1, coupon: 777_777),
                .. Enumerable.Range(1, 3).Select(ordinal => fixture.Letter(ordinal + 1, coupon.Id, ordinal, ordinal + 1000)),
            ],
            LedgerFixture.Stop
        );
        await ((LocalRedis)fixture.Settings.Redis).KillAsync();

        // The first entry needs no answer from Redis: its coupon does not exist.
        var result = await DiscardAsync(fixture, returnSeat: false);

        Assert.Equal((4, 1, 0, 3), (result.Matched, result.Done, result.Skipped, result.Failures.Count));
        Assert.Equal([2L, 3L, 4L], result.Failures.Select(failure => failure.Id));
        Assert.All(result.Failures.Skip(1), failure => Assert.StartsWith("Not tried", failure.Reason, StringComparison.Ordinal));
        Assert.True(
            RedisFailure.Is(await Record.ExceptionAsync(() => DiscardAsync(fixture, returnSeat: false))),
            "Where nothing was done, what Redis said is thrown."
        );
        await using var context = fixture.Open();
        Assert.Equal(3, context.DeadLetters.Count(row => row.State == DeadLetterState.Open));
    }

    [Fact]
    public async Task A_discard_that_is_committed_when_Redis_goes_away_is_done_and_its_seat_is_returned_later()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.SellAsync(total: 10, issued: 3);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerFixture.Stop);
        var redis = (LocalRedis)fixture.Settings.Redis;
        fixture.Commands.Before("INSERT `dead_letter_audit`", () => redis.KillAsync());

        var result = await DiscardAsync(fixture, returnSeat: true);

        Assert.Empty(result.Failures);
        Assert.Equal((1, 1, 1), (result.Matched, result.Done, result.SeatsToReturn));
        Assert.Equal(DeadLetterState.Discarded, (await fixture.OnlyOneAsync()).Letter.State);
        await redis.StartAgainAsync(LedgerFixture.Stop);
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return await fixture.Get<SeatReturns>().FinishAsync(LedgerFixture.Stop) == 1;
                }
                catch (Exception exception) when (RedisFailure.Is(exception))
                {
                    return false;
                }
            },
            "the seat is returned"
        );
        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon.Id));
    }

    private static Task<OperationResult> DiscardAsync(LedgerFixture fixture, bool returnSeat) =>
        fixture
            .Get<DeadLetterDiscard>()
            .DiscardAsync(
                new DiscardRequest
                {
                    Filter = new(),
                    Actor = "an operator",
                    Reason = "a good reason",
                    ReturnSeat = returnSeat,
                },
                null,
                LedgerFixture.Stop
            );

    /// <summary>One round of the sweep that every instance runs.</summary>
    private static async Task<OperationResult> FinishAsync(LedgerFixture fixture)
    {
        for (var round = 0; round < 20; round++)
            await fixture.Get<SeatReturns>().FinishAsync(LedgerFixture.Stop);
        return new OperationResult(0, 0, 0, []);
    }
}
