using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using static Coupon.Tests.Consumers.Issuing.WritingFixture;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>
/// Concurrent steps on one entry of the ledger: each decides by the rows as they are after its wait for the lock, not as they were before.
/// </summary>
public sealed class LedgerRacesTests(TestServers servers)
{
    [Fact]
    public async Task A_seat_whose_row_is_being_written_while_its_copy_is_discarded_is_not_returned()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.SellAsync(total: 10, issued: 3)).Id;
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(5, coupon, ordinal: 3, user: 1003, cause: RejectionCauses.RetriesExhausted)],
            LedgerFixture.Stop
        );

        // A batch with the other copy of the message, not committed yet.
        await using var batch = await WriteTransaction.BeginAsync(fixture.Get<MySqlDataSource>(), LedgerFixture.Stop);
        await batch.ExecuteAsync(InsertStatements.Of(Issuances(coupon, 1, first: 3)), LedgerFixture.Stop);
        await batch.ExecuteAsync([.. IssuedCouponSql.CountQuickly(new() { [coupon] = 1 })], LedgerFixture.Stop);
        var discarding = DiscardAsync(fixture, new());
        await fixture.WaitingAsync();
        await batch.CommitAsync(LedgerFixture.Stop);

        Assert.Contains("in use", Assert.Single((await discarding).Failures).Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0, 7L), await fixture.SeatsAsync(coupon));
        Assert.Equal(3, await fixture.Get<SeatHolders>().OrdinalOfAsync(coupon, 1003));
    }

    [Fact]
    public async Task Two_copies_that_two_operators_discard_at_the_same_moment_return_one_seat()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.SellAsync(total: 10, issued: 3)).Id;
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(5, coupon, ordinal: 3, user: 1003), fixture.Letter(6, coupon, ordinal: 3, user: 1003)],
            LedgerFixture.Stop
        );
        var copies = await fixture.Get<DeadLetterQueries>().ListAsync(new(), 0, 10, LedgerFixture.Stop);

        // Both have begun and wait for the lock.
        await using var context = fixture.Open();
        await using var holding = await context.Database.BeginTransactionAsync(LedgerFixture.Stop);
        await context.Coupons.FromSql($"SELECT * FROM coupons WHERE id = {coupon} FOR UPDATE").ToListAsync(LedgerFixture.Stop);
        var discarding = Task.WhenAll(copies.Select(copy => DiscardAsync(fixture, new() { Ids = [copy.Id] })));
        await fixture.WaitingAsync(transactions: 2);
        await holding.RollbackAsync(LedgerFixture.Stop);

        Assert.Equal(2, (await discarding).Sum(result => result.Done));
        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon));
    }

    [Fact]
    public async Task A_failure_that_is_recorded_while_its_replay_is_being_marked_leaves_the_entry_open()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        var id = (await fixture.OnlyOneAsync()).Letter.Id;

        // The order that is tried: the replay is sent; the ledger reads the entry; the replay is marked; the ledger writes what it read.
        var looked = new TaskCompletionSource();
        Task<OperationResult>? replaying = null;
        fixture.Commands.Before("UPDATE `dead_letters` `replayed_at`", () => Task.WhenAny(looked.Task, fixture.WaitingAsync()));
        fixture.Commands.Before("UPDATE `dead_letters` `exception_type`", () =>
        {
            looked.SetResult();
            return Task.WhenAny(replaying!, fixture.WaitingAsync());
        });
        replaying = fixture.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerFixture.Stop);
        await Eventually.IsTrueAsync(() => Task.FromResult(fixture.MainTopic().Count == 1), "it is sent");
        var again = fixture.Letter(77, cause: RejectionCauses.OverIssued) with
        {
            LedgerId = id,
            LedgerOrigin = fixture.OriginOf(5),
            ReplayCount = 1,
            ExceptionType = "Another.Exception",
        };
        await fixture.Ledger.RecordAsync([again], LedgerFixture.Stop);
        await replaying;

        Assert.Empty(fixture.Commands.NeverCame);
        var (row, _) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Open, 1, RejectionCauses.OverIssued), (row.State, row.ReplayCount, row.Cause));
    }

    [Fact]
    public async Task A_failure_that_is_recorded_while_its_entry_is_being_discarded_does_not_open_it_again()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.SellAsync(total: 10, issued: 3)).Id;
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon, ordinal: 3, user: 1003)], LedgerFixture.Stop);
        var id = (await fixture.OnlyOneAsync()).Letter.Id;

        Task<OperationResult>? discarding = null;
        fixture.Commands.Before("UPDATE `dead_letters` `exception_type`", () =>
        {
            discarding = DiscardAsync(fixture, new());
            return Task.WhenAny(discarding, fixture.WaitingAsync());
        });
        await fixture.Ledger.RecordAsync(
            [
                fixture.Letter(77, coupon, ordinal: 3, user: 1003) with
                {
                    LedgerId = id,
                    LedgerOrigin = fixture.OriginOf(5),
                    ReplayCount = 1,
                    ExceptionType = "Another.Exception",
                },
            ],
            LedgerFixture.Stop
        );
        Assert.Empty(fixture.Commands.NeverCame);
        await discarding!;
        await DiscardAsync(fixture, new());

        Assert.Equal(DeadLetterState.Discarded, (await fixture.OnlyOneAsync()).Letter.State);
        Assert.Equal((1, 1, 8L), await fixture.SeatsAsync(coupon));
    }

    [Fact]
    public async Task A_replay_that_is_marked_after_its_lease_ran_out_and_its_entry_was_discarded_leaves_it_discarded()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.SellAsync(total: 10, issued: 3)).Id;
        await fixture.Ledger.RecordAsync([fixture.Letter(5, coupon, ordinal: 3, user: 1003)], LedgerFixture.Stop);

        // The lease runs out between the sending of the message and the lock for its mark.
        OperationResult? discarded = null;
        fixture.Commands.Before("dead_letters FOR UPDATE", async () =>
        {
            await using var context = fixture.Open();
            await context.DeadLetters.ExecuteUpdateAsync(
                row => row.SetProperty(changed => changed.LeasedUntil, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
                LedgerFixture.Stop
            );
            discarded = await DiscardAsync(fixture, new());
        });
        await fixture.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerFixture.Stop);

        Assert.Empty(fixture.Commands.NeverCame);
        Assert.Equal(1, discarded!.Done);
        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Discarded, 0, null, null), (row.State, row.ReplayCount, row.LeasedBy, row.LeasedUntil));
        Assert.Contains(audit, entry => entry.Action == DeadLetterAction.Replayed);
        var late = await fixture.Get<PoisonIsolation>().WriteAsync(Issuances(coupon, 1, first: 3), int.MaxValue, LedgerFixture.Stop);
        Assert.Equal(RejectionCauses.OrdinalVoided, Assert.Single(late.Rejections).Cause);
    }

    private static Task<OperationResult> DiscardAsync(LedgerFixture fixture, DeadLetterFilter filter) =>
        fixture
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
                LedgerFixture.Stop
            );
}
