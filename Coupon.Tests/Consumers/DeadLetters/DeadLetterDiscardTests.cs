using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.LocalStack;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using static Coupon.Tests.Consumers.Issuing.WritingBench;

namespace Coupon.Tests.Consumers.DeadLetters;

public sealed class DeadLetterDiscardTests(TestServers servers)
{
    [Fact]
    public async Task A_discarded_ordinal_is_void_and_a_late_copy_of_its_message_is_refused()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerBench.Stop);

        Assert.Equal(1, (await DiscardAsync(bench, returnSeat: false)).Done);

        var result = await bench.Get<PoisonIsolation>().WriteAsync(Issuances(coupon.Id, 3), int.MaxValue, LedgerBench.Stop);
        Assert.Equal(RejectionCauses.OrdinalVoided, Assert.Single(result.Failures).Cause);
        Assert.Equal(2, result.Inserted);
        var (row, audit) = await bench.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Discarded, false), (row.State, row.SeatReturnRequested));
        Assert.Equal((DeadLetterAction.Discarded, "an operator", "a good reason"), (audit[^1].Action, audit[^1].Actor, audit[^1].Detail));
        Assert.Equal((1, 0, 7L), await bench.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task A_returned_seat_goes_back_to_the_stock_and_its_user_may_ask_again()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerBench.Stop);

        Assert.Equal(1, (await DiscardAsync(bench, returnSeat: true)).Done);
        Assert.Equal(0, await bench.Get<SeatReturns>().FinishAsync(LedgerBench.Stop));

        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon.Id));
        Assert.Null(await bench.Get<SeatHolders>().OrdinalOfAsync(coupon.Id, 1003));
        Assert.Equal(2, await bench.Get<SeatHolders>().OrdinalOfAsync(coupon.Id, 1002));
        Assert.Equal(DeadLetterAction.SeatReturned, (await bench.OnlyOneAsync()).Audit[^1].Action);
    }

    [Fact]
    public async Task Two_copies_of_one_message_return_one_seat()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync(
            [bench.Letter(5, coupon.Id, ordinal: 3, user: 1003), bench.Letter(6, coupon.Id, ordinal: 3, user: 1003)],
            LedgerBench.Stop
        );

        await Task.WhenAll(DiscardAsync(bench, returnSeat: true), DiscardAsync(bench, returnSeat: true));
        await DiscardAsync(bench, returnSeat: false);

        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task Discarded_by_many_at_once_each_is_discarded_once_and_returns_one_seat()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 100, issued: 60);
        await bench.Ledger.RecordAsync(
            [.. Enumerable.Range(1, 60).Select(ordinal => bench.Letter(ordinal, coupon.Id, ordinal, ordinal + 1000))],
            LedgerBench.Stop
        );

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DiscardAsync(bench, returnSeat: true)).Append(FinishAsync(bench)));

        Assert.All(results, result => Assert.Empty(result.Failures));
        Assert.Equal(60, results.Sum(result => result.Done));
        Assert.Equal((60, 60, 100L), await bench.SeatsAsync(coupon.Id));
        await using var context = bench.Open();
        Assert.Equal(60, context.DeadLetterAudit.Count(entry => entry.Action == DeadLetterAction.Discarded));
        await bench.Get<SeatReturns>().FinishAsync(LedgerBench.Stop);
        Assert.Equal(60, context.DeadLetterAudit.Count(entry => entry.Action == DeadLetterAction.SeatReturned));
        Assert.Equal(0, (await DiscardAsync(bench, returnSeat: true)).Matched);
    }

    [Fact]
    public async Task A_discard_whose_commits_were_never_answered_is_done_once_and_returns_its_seat()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerBench.Stop);

        // Of the first try to discard; its second does not commit. Then of the first try to record the seat.
        bench.Answers.LoseNext(2);
        var result = await DiscardAsync(bench, returnSeat: true);

        Assert.Equal((1, 1, 0, 2), (result.Matched, result.Done, result.Skipped, bench.Answers.Lost));
        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon.Id));
        Assert.Equal(
            [DeadLetterAction.Recorded, DeadLetterAction.Discarded, DeadLetterAction.SeatReturned],
            (await bench.OnlyOneAsync()).Audit.Select(entry => entry.Action)
        );
    }

    [Fact]
    public async Task A_seat_that_cannot_be_returned_holds_up_no_other_and_one_of_a_deleted_coupon_counts_as_returned()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var broken = await bench.SellAsync(total: 10, issued: 1);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync(
            [
                bench.Letter(5, broken.Id, ordinal: 1, user: 1001),
                bench.Letter(6, coupon: 777_777),
                bench.Letter(7, coupon.Id, ordinal: 3, user: 1003),
            ],
            LedgerBench.Stop
        );

        // All discarded, and nobody came to return the seats; what Redis holds of the first coupon is not what it should.
        await using var context = bench.Open();
        await context
            .Coupons.Where(row => row.Id == coupon.Id)
            .ExecuteUpdateAsync(
                row => row.SetProperty(changed => changed.ReturnedQuantity, 1).SetProperty(changed => changed.VoidedQuantity, 1),
                LedgerBench.Stop
            );
        await context.DeadLetters.ExecuteUpdateAsync(
            row => row.SetProperty(changed => changed.State, DeadLetterState.Discarded).SetProperty(changed => changed.SeatReturnRequested, true),
            LedgerBench.Stop
        );
        await bench.Redis.KeyDeleteAsync(new CouponKeys(broken.Id).Users);
        await bench.Redis.StringSetAsync(new CouponKeys(broken.Id).Users, "not a hash");

        await bench.Get<SeatReturns>().FinishAsync(LedgerBench.Stop);

        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon.Id));
        Assert.Equal(
            [false, true, true],
            await context.DeadLetters.OrderBy(row => row.Offset).Select(row => row.SeatReturnedAt != null).ToListAsync(LedgerBench.Stop)
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
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal, user)], LedgerBench.Stop);

        Assert.Equal(1, (await DiscardAsync(bench, returnSeat: false)).Done);

        // The message of the user who holds it was still on its way.
        Assert.Equal(3, (await bench.Get<PoisonIsolation>().WriteAsync(Issuances(coupon.Id, 3), int.MaxValue, LedgerBench.Stop)).Inserted);
        Assert.Equal((0, 0, 7L), await bench.SeatsAsync(coupon.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ordinal_that_was_counted_as_forgotten_is_not_counted_again_when_its_message_turns_up_and_is_discarded(bool returnSeat)
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await using var context = bench.Open();
        context.ForgottenOrdinals.Add(
            new ForgottenOrdinalRow
            {
                CouponId = coupon.Id,
                Ordinal = 3,
                VerificationId = 1,
                ForgottenAt = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc),
            }
        );
        await context.SaveChangesAsync(LedgerBench.Stop);
        await context.Coupons.ExecuteUpdateAsync(
            row => row.SetProperty(changed => changed.ReturnedQuantity, 1).SetProperty(changed => changed.VoidedQuantity, 1),
            LedgerBench.Stop
        );
        await bench.Get<StockTerms>().ApplyAsync(CouponTerms.Of(await context.Coupons.AsNoTracking().SingleAsync(LedgerBench.Stop)));
        await bench.Redis.HashDeleteAsync(new CouponKeys(coupon.Id).Users, 1003);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerBench.Stop);

        Assert.Equal(1, (await DiscardAsync(bench, returnSeat)).Done);

        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon.Id));
        Assert.Empty(context.ForgottenOrdinals);
        Assert.NotNull((await bench.OnlyOneAsync()).Letter.SeatReturnedAt);
    }

    [Fact]
    public async Task No_seat_is_returned_that_was_never_taken()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync(
            [bench.Letter(5, coupon.Id, ordinal: 900, user: 1003), bench.Letter(6, coupon: 777_777), bench.Letter(7) with { Value = [1] }],
            LedgerBench.Stop
        );

        var result = await DiscardAsync(bench, returnSeat: true);

        Assert.Equal(3, result.Failures.Count);
        Assert.Equal((0, 0, 7L), await bench.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task No_seat_is_returned_that_is_in_the_database()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Get<PoisonIsolation>().WriteAsync(Issuances(coupon.Id, 3), int.MaxValue, LedgerBench.Stop);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerBench.Stop);

        Assert.Contains("in use", Assert.Single((await DiscardAsync(bench, returnSeat: true)).Failures).Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await DiscardAsync(bench, returnSeat: false)).Done);

        // The row is there, so there is nothing to void.
        Assert.Equal((0, 0, 7L), await bench.SeatsAsync(coupon.Id));
    }

    [Fact]
    public async Task A_replay_that_may_be_written_at_any_moment_cannot_be_discarded()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        await bench.Ledger.RecordAsync([bench.Letter(5)], LedgerBench.Stop);
        await bench.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerBench.Stop);

        Assert.Equal(0, (await DiscardAsync(bench, returnSeat: false)).Matched);
        Assert.Equal(DeadLetterState.Replayed, (await bench.OnlyOneAsync()).Letter.State);
    }

    [Fact]
    public async Task Without_Redis_the_first_question_that_it_does_not_answer_is_the_last_that_is_asked()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync(
            [
                bench.Letter(1, coupon: 777_777),
                .. Enumerable.Range(1, 3).Select(ordinal => bench.Letter(ordinal + 1, coupon.Id, ordinal, ordinal + 1000)),
            ],
            LedgerBench.Stop
        );
        await ((LocalRedis)bench.Settings.Redis).KillAsync();

        // Nobody need be asked about the first: there is no such coupon.
        var result = await DiscardAsync(bench, returnSeat: false);

        Assert.Equal((4, 1, 0, 3), (result.Matched, result.Done, result.Skipped, result.Failures.Count));
        Assert.Equal([2L, 3L, 4L], result.Failures.Select(failure => failure.Id));
        Assert.All(result.Failures.Skip(1), failure => Assert.StartsWith("Not tried", failure.Reason, StringComparison.Ordinal));
        Assert.True(
            RedisFailure.Is(await Record.ExceptionAsync(() => DiscardAsync(bench, returnSeat: false))),
            "Where nothing was done, what Redis said is thrown."
        );
        await using var context = bench.Open();
        Assert.Equal(3, context.DeadLetters.Count(row => row.State == DeadLetterState.Open));
    }

    [Fact]
    public async Task A_discard_that_is_committed_when_Redis_goes_away_is_done_and_its_seat_is_returned_later()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = await bench.SellAsync(total: 10, issued: 3);
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon.Id, ordinal: 3, user: 1003)], LedgerBench.Stop);
        var redis = (LocalRedis)bench.Settings.Redis;
        bench.Commands.Before("INSERT `dead_letter_audit`", () => redis.KillAsync());

        var result = await DiscardAsync(bench, returnSeat: true);

        Assert.Empty(result.Failures);
        Assert.Equal((1, 1, 1), (result.Matched, result.Done, result.SeatsPending));
        Assert.Equal(DeadLetterState.Discarded, (await bench.OnlyOneAsync()).Letter.State);
        await redis.StartAgainAsync(LedgerBench.Stop);
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return await bench.Get<SeatReturns>().FinishAsync(LedgerBench.Stop) == 1;
                }
                catch (Exception exception) when (RedisFailure.Is(exception))
                {
                    return false;
                }
            },
            "the seat is returned"
        );
        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon.Id));
    }

    private static Task<OperationResult> DiscardAsync(LedgerBench bench, bool returnSeat) =>
        bench
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
                LedgerBench.Stop
            );

    /// <summary>What the sweep of every instance does, again and again.</summary>
    private static async Task<OperationResult> FinishAsync(LedgerBench bench)
    {
        for (var round = 0; round < 20; round++)
            await bench.Get<SeatReturns>().FinishAsync(LedgerBench.Stop);
        return new OperationResult(0, 0, 0, []);
    }
}
