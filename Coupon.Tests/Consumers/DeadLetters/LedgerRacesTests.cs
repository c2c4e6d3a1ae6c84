using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using static Coupon.Tests.Consumers.Issuing.WritingBench;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>
/// Those who meet at one entry of the ledger: each decides by what is true when its turn comes, not by what was when it began to wait.
/// </summary>
public sealed class LedgerRacesTests(TestServers servers)
{
    [Fact]
    public async Task A_seat_whose_row_is_being_written_while_its_copy_is_discarded_is_not_returned()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = (await bench.SellAsync(total: 10, issued: 3)).Id;
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon, ordinal: 3, user: 1003, cause: RejectionCauses.RetriesExhausted)], LedgerBench.Stop);

        // The batch with the other copy of the message, not committed yet.
        await using var batch = await WriteTransaction.BeginAsync(bench.Get<MySqlDataSource>(), LedgerBench.Stop);
        await batch.ExecuteAsync(InsertStatements.Of(Issuances(coupon, 1, first: 3)), LedgerBench.Stop);
        await batch.ExecuteAsync([.. IssuedCouponSql.CountQuickly(new() { [coupon] = 1 })], LedgerBench.Stop);
        var discarding = DiscardAsync(bench, new());
        await bench.WaitingAsync();
        await batch.CommitAsync(LedgerBench.Stop);

        Assert.Contains("in use", Assert.Single((await discarding).Failures).Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0, 7L), await bench.SeatsAsync(coupon));
        Assert.Equal(3, await bench.Get<SeatHolders>().OrdinalOfAsync(coupon, 1003));
    }

    [Fact]
    public async Task Two_copies_that_two_operators_discard_at_the_same_moment_return_one_seat()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = (await bench.SellAsync(total: 10, issued: 3)).Id;
        await bench.Ledger.RecordAsync(
            [bench.Letter(5, coupon, ordinal: 3, user: 1003), bench.Letter(6, coupon, ordinal: 3, user: 1003)],
            LedgerBench.Stop
        );
        var copies = await bench.Get<DeadLetterQueries>().ListAsync(new(), 0, 10, LedgerBench.Stop);

        // Both have begun, and neither has had its turn.
        await using var context = bench.Open();
        await using var holding = await context.Database.BeginTransactionAsync(LedgerBench.Stop);
        await context.Coupons.FromSql($"SELECT * FROM coupons WHERE id = {coupon} FOR UPDATE").ToListAsync(LedgerBench.Stop);
        var discarding = Task.WhenAll(copies.Select(copy => DiscardAsync(bench, new() { Ids = [copy.Id] })));
        await bench.WaitingAsync(transactions: 2);
        await holding.RollbackAsync(LedgerBench.Stop);

        Assert.Equal(2, (await discarding).Sum(result => result.Done));
        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon));
    }

    [Fact]
    public async Task A_failure_that_is_recorded_while_its_replay_is_being_marked_leaves_the_entry_open()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        await bench.Ledger.RecordAsync([bench.Letter(5)], LedgerBench.Stop);
        var id = (await bench.OnlyOneAsync()).Letter.Id;

        // Sent, not marked; then the ledger has looked at the entry; then it is marked; then the ledger writes what it made of its look.
        var looked = new TaskCompletionSource();
        Task<OperationResult>? replaying = null;
        bench.Commands.Before("UPDATE `dead_letters` `replayed_at`", () => Task.WhenAny(looked.Task, bench.WaitingAsync()));
        bench.Commands.Before("UPDATE `dead_letters` `exception_type`", () =>
        {
            looked.SetResult();
            return Task.WhenAny(replaying!, bench.WaitingAsync());
        });
        replaying = bench.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerBench.Stop);
        await Eventually.IsTrueAsync(() => Task.FromResult(bench.MainTopic().Count == 1), "it is sent");
        var again = bench.Letter(77, cause: RejectionCauses.OverIssued) with
        {
            LedgerId = id,
            LedgerOrigin = bench.OriginOf(5),
            ReplayCount = 1,
            ExceptionType = "Another.Exception",
        };
        await bench.Ledger.RecordAsync([again], LedgerBench.Stop);
        await replaying;

        Assert.Empty(bench.Commands.NeverCame);
        var (row, _) = await bench.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Open, 1, RejectionCauses.OverIssued), (row.State, row.ReplayCount, row.Cause));
    }

    [Fact]
    public async Task A_failure_that_is_recorded_while_its_entry_is_being_discarded_does_not_open_it_again()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = (await bench.SellAsync(total: 10, issued: 3)).Id;
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon, ordinal: 3, user: 1003)], LedgerBench.Stop);
        var id = (await bench.OnlyOneAsync()).Letter.Id;

        Task<OperationResult>? discarding = null;
        bench.Commands.Before("UPDATE `dead_letters` `exception_type`", () =>
        {
            discarding = DiscardAsync(bench, new());
            return Task.WhenAny(discarding, bench.WaitingAsync());
        });
        await bench.Ledger.RecordAsync(
            [
                bench.Letter(77, coupon, ordinal: 3, user: 1003) with
                {
                    LedgerId = id,
                    LedgerOrigin = bench.OriginOf(5),
                    ReplayCount = 1,
                    ExceptionType = "Another.Exception",
                },
            ],
            LedgerBench.Stop
        );
        Assert.Empty(bench.Commands.NeverCame);
        await discarding!;
        await DiscardAsync(bench, new());

        Assert.Equal(DeadLetterState.Discarded, (await bench.OnlyOneAsync()).Letter.State);
        Assert.Equal((1, 1, 8L), await bench.SeatsAsync(coupon));
    }

    [Fact]
    public async Task A_replay_that_is_marked_after_its_lease_ran_out_and_its_entry_was_discarded_leaves_it_discarded()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        var coupon = (await bench.SellAsync(total: 10, issued: 3)).Id;
        await bench.Ledger.RecordAsync([bench.Letter(5, coupon, ordinal: 3, user: 1003)], LedgerBench.Stop);

        // Sent, and then nothing for longer than the lease holds, before the lock for the mark is asked for.
        OperationResult? discarded = null;
        bench.Commands.Before("dead_letters FOR UPDATE", async () =>
        {
            await using var context = bench.Open();
            await context.DeadLetters.ExecuteUpdateAsync(
                row => row.SetProperty(changed => changed.LeasedUntil, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
                LedgerBench.Stop
            );
            discarded = await DiscardAsync(bench, new());
        });
        await bench.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerBench.Stop);

        Assert.Empty(bench.Commands.NeverCame);
        Assert.Equal(1, discarded!.Done);
        var (row, audit) = await bench.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Discarded, 0, null, null), (row.State, row.ReplayCount, row.LeasedBy, row.LeasedUntil));
        Assert.Contains(audit, entry => entry.Action == DeadLetterAction.Replayed);
        var late = await bench.Get<PoisonIsolation>().WriteAsync(Issuances(coupon, 1, first: 3), int.MaxValue, LedgerBench.Stop);
        Assert.Equal(RejectionCauses.OrdinalVoided, Assert.Single(late.Failures).Cause);
    }

    private static Task<OperationResult> DiscardAsync(LedgerBench bench, DeadLetterFilter filter) =>
        bench
            .Get<DeadLetterDiscard>()
            .DiscardAsync(
                new DiscardRequest
                {
                    Filter = filter,
                    Actor = "an operator",
                    Reason = "a good reason",
                    ReturnSeat = true,
                },
                null,
                LedgerBench.Stop
            );
}
