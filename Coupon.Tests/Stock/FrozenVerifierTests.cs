using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Stock;
using Coupon.Stock.Verification;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Tests.Stock;

/// <summary>A verifier that is frozen in the middle (SIGSTOP), overtaken by another one, and goes on when it thaws.</summary>
[Collection(nameof(OneAtATime))]
public sealed class FrozenVerifierTests(TestServers servers)
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_took_for_forgotten_before_it_froze_is_not_written_over_what_is_known_since()
    {
        await using var books = await OpenWithoutThirdAsync();

        // It has read everything and knows nothing of ordinal 3; then it asks which ordinals are forgotten already, and has to wait.
        await using var holding = new MySqlConnection(books.Settings.MySql);
        await holding.OpenAsync(_cancel);
        await holding.ExecuteAsync("LOCK TABLES forgotten_ordinals WRITE");
        using var first = await ChildProcess.StartAsync(RebuildOf(books), logFile: null);
        try
        {
            await UntilItAsksAsync(books, "SELECT ordinal FROM forgotten_ordinals");
            first.Freeze();
            await holding.ExecuteAsync("UNLOCK TABLES");

            // Redis forgets everything again, the lock of the first one too, and the row of ordinal 3 turns up.
            await books.FlushAsync();
            await books.PersistAsync(3);
            var second = await books.RebuildAsync();
            Assert.Equal((4, 0, 6), (second.OrdinalAfter, second.OrdinalsForgotten, second.Remaining));

            first.Thaw();
            await EndsAsync(first);
        }
        finally
        {
            await first.KillAsync();
        }

        Assert.Equal(1, first.ExitCode);
        await using var context = books.Context();
        Assert.Empty(await context.ForgottenOrdinals.ToListAsync(_cancel));
        await books.ReconcileAsync();
        Assert.Equal((4, 6), (await books.StateAsync(StateFields.Issued), await books.StateAsync(StateFields.Remaining)));
        for (var ordinal = 1; ordinal <= 4; ordinal++)
            Assert.StartsWith($"{ordinal}:", (string?)await books.Redis.HashGetAsync(books.Keys.Users, Books.UserOf(ordinal)));
        await AssertAddsUpAsync(books);
    }

    [Fact]
    public async Task What_it_has_locked_in_MySQL_keeps_nobody_from_verifying_for_long()
    {
        await using var books = await OpenWithoutThirdAsync();
        await using var holding = new MySqlConnection(books.Settings.MySql);
        await using var holdingRow = new MySqlConnection(books.Settings.MySql);
        await holding.OpenAsync(_cancel);
        await holdingRow.OpenAsync(_cancel);
        await holding.ExecuteAsync("LOCK TABLES forgotten_ordinals WRITE");
        using var first = await ChildProcess.StartAsync(RebuildOf(books), logFile: null);
        try
        {
            // Now it is made to stop in the transaction that records ordinal 3 as forgotten, with its last statement sent.
            await UntilItAsksAsync(books, "SELECT ordinal FROM forgotten_ordinals");
            await using (var row = await holdingRow.BeginTransactionAsync(_cancel))
            {
                await holdingRow.ExecuteAsync("SELECT id FROM coupons WHERE id = @CouponId FOR UPDATE", new { books.CouponId }, row);
                await holding.ExecuteAsync("UNLOCK TABLES");
                await UntilItAsksAsync(books, "UPDATE coupons");
                first.Freeze();
                await row.RollbackAsync(_cancel);
            }

            await books.FlushAsync();
            var second = await books.RebuildAsync();
            Assert.Equal((4, 1, 7), (second.OrdinalAfter, second.OrdinalsForgotten, second.Remaining));

            first.Thaw();
            await EndsAsync(first);
        }
        finally
        {
            await first.KillAsync();
        }

        Assert.Equal(1, first.ExitCode);
        await using var context = books.Context();
        Assert.Equal(3, Assert.Single(await context.ForgottenOrdinals.ToListAsync(_cancel)).Ordinal);
        await books.ReconcileAsync();
        Assert.Equal((4, 7), (await books.StateAsync(StateFields.Issued), await books.StateAsync(StateFields.Remaining)));
        await AssertAddsUpAsync(books);
    }

    [Fact]
    public async Task While_it_records_what_is_forgotten_no_later_one_begins()
    {
        await using var books = await OpenWithoutThirdAsync();
        await using var holding = new MySqlConnection(books.Settings.MySql);
        await holding.OpenAsync(_cancel);
        await using var row = await holding.BeginTransactionAsync(_cancel);
        await holding.ExecuteAsync("SELECT id FROM coupons WHERE id = @CouponId FOR UPDATE", new { books.CouponId }, row);
        using var first = await ChildProcess.StartAsync(RebuildOf(books), logFile: null);
        Task<CouponFindings> second;
        try
        {
            // It has seen that it is the last one, and is about to write.
            await UntilItAsksAsync(books, "UPDATE coupons");
            await books.FlushAsync();
            second = books.RebuildAsync();
            await UntilItAsksAsync(books, "INSERT INTO stock_verifications", seconds: 1);

            await row.RollbackAsync(_cancel);
            await EndsAsync(first);
        }
        finally
        {
            await first.KillAsync();
        }

        // Redis refuses what the first one writes next, and the second one knows what the first one has recorded.
        Assert.Equal(1, first.ExitCode);
        var found = await second;
        Assert.Equal((4, 0, 7), (found.OrdinalAfter, found.OrdinalsForgotten, found.Remaining));
        await using var context = books.Context();
        Assert.Equal(3, Assert.Single(await context.ForgottenOrdinals.ToListAsync(_cancel)).Ordinal);
        await AssertAddsUpAsync(books);
    }

    [Fact]
    public async Task Frozen_before_it_began_in_Redis_it_takes_the_coupon_off_sale_once_more_and_changes_nothing_else()
    {
        await using var books = await OpenWithoutThirdAsync();

        // It has its number, and asks which coupons were deleted.
        await using var holding = new MySqlConnection(books.Settings.MySql);
        await holding.OpenAsync(_cancel);
        await holding.ExecuteAsync("LOCK TABLES deleted_coupons WRITE");
        using var first = await ChildProcess.StartAsync(RebuildOf(books), logFile: null);
        try
        {
            await UntilItAsksAsync(books, "SELECT id FROM deleted_coupons");
            first.Freeze();
            await holding.ExecuteAsync("UNLOCK TABLES");
            await books.FlushAsync();
            var second = await books.RebuildAsync();
            Assert.Equal((4, 1, 7), (second.OrdinalAfter, second.OrdinalsForgotten, second.Remaining));

            first.Thaw();
            await EndsAsync(first);
        }
        finally
        {
            await first.KillAsync();
        }

        Assert.Equal(1, first.ExitCode);
        Assert.False(await books.Redis.KeyExistsAsync(books.Keys.State));
        var third = await books.RebuildAsync();
        Assert.Equal((0, 4, 0, 7), (third.UsersAdded, third.OrdinalAfter, third.OrdinalsForgotten, third.Remaining));
        await AssertAddsUpAsync(books);
    }

    [Fact]
    public async Task What_one_of_other_coupons_moves_into_the_outbox_when_it_thaws_is_not_taken_for_forgotten()
    {
        await using var books = await OpenWithoutThirdAsync();
        await using var holding = new MySqlConnection(books.Settings.MySql);
        await holding.OpenAsync(_cancel);
        await holding.ExecuteAsync(
            "INSERT INTO handed_back_seats (coupon_id, ordinal, user_id, issued_at_ms) VALUES (@CouponId, 3, @user, 1800000000000)",
            new { books.CouponId, user = Books.UserOf(3) }
        );
        await holding.ExecuteAsync("LOCK TABLES handed_back_seats WRITE");
        var verification = books.RebuildAsync();
        await UntilItAsksAsync(books, "SELECT coupon_id, ordinal");

        // As the other one does with the seats of coupons that it does not verify.
        await books.Redis.SortedSetAddAsync(books.Keys.Outbox, $"3:{Books.UserOf(3)}:1800000000000", 0);
        await holding.ExecuteAsync("DELETE FROM handed_back_seats");
        await holding.ExecuteAsync("UNLOCK TABLES");

        var found = await verification;
        Assert.Equal((4, 4, 0, 6), (found.UsersAdded, found.OrdinalAfter, found.OrdinalsForgotten, found.Remaining));
        await AssertAddsUpAsync(books);
    }

    /// <summary>Four of ten were sold; the message of the third is nowhere, and Redis has forgotten everything.</summary>
    private async Task<Books> OpenWithoutThirdAsync()
    {
        var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(4);
        await books.ProduceAsync(1, 2, 4);
        await books.FlushAsync();
        return books;
    }

    private static Task EndsAsync(ChildProcess verifier) => verifier.WaitForExitAsync(_cancel).WaitAsync(TimeSpan.FromMinutes(1), _cancel);

    private static async Task AssertAddsUpAsync(Books books)
    {
        var balance = await books.BalanceAsync();
        Assert.True(balance.AddsUp, balance.ToString());
    }

    // Its lock lasts: nothing but the number of the later verification tells it that it was overtaken.
    private static ChildCommand RebuildOf(Books books) =>
        new("dotnet", ServiceFiles.Find("Coupon.Consumers"), "rebuild", "--coupon", $"{books.CouponId}")
        {
            Environment = new Dictionary<string, string>(books.Settings.Environment) { ["Stock__LockTime"] = "00:05:00" },
        };

    private static async Task UntilItAsksAsync(Books books, string statement, int seconds = 0)
    {
        await using var watching = new MySqlConnection(books.Settings.MySql);
        await Eventually.IsTrueAsync(
            () =>
                watching.ExecuteScalarAsync<bool>(
                    "SELECT EXISTS (SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE @text AND time >= @seconds)",
                    new { text = $"{statement}%", seconds }
                ),
            $"it asks {statement}"
        );
    }
}
