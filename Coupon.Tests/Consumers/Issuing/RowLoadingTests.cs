using Coupon.Consumers.Issuing;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;
using static Coupon.Tests.Consumers.Issuing.WritingFixture;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>On a server of their own, since they read its counters and forbid loading.</summary>
public sealed class RowLoadingTests : IAsyncLifetime
{
    private const int Large = RowLoading.MinimumMessages;

    private LocalMySql _mySql = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _mySql = await LocalMySql.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        _database = await TestDatabase.CreateAsync(_mySql.ConnectionString);
    }

    public ValueTask DisposeAsync() => _mySql.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("NO_BACKSLASH_ESCAPES")]
    public async Task A_large_batch_is_loaded_and_leaves_what_a_small_one_leaves(string mode)
    {
        await ExecuteAsync($"SET GLOBAL sql_mode = CONCAT(@@GLOBAL.sql_mode, ',{mode}')");
        await using var fixture = Create(_database);
        var (loaded, inserted) = (await fixture.AddCouponAsync(Large), await fixture.AddCouponAsync(Large));

        var result = await fixture.WriteAsync(Extremes(loaded));
        Assert.Equal((Large, 1), (result.Inserted, await LoadsAsync()));

        foreach (var part in Extremes(inserted).Chunk(Large - 1))
            await fixture.WriteAsync(part);
        Assert.Equal(1, await LoadsAsync());
        Assert.Equal(await WholeRowsAsync(fixture, inserted), await WholeRowsAsync(fixture, loaded));
        Assert.Equal(Large, await fixture.IssuedQuantityAsync(loaded));
        Assert.Equal(3, fixture.Transactions.Begun);
    }

    [Fact]
    public async Task What_a_load_would_silently_leave_out_is_rejected_by_name_and_its_neighbours_are_written()
    {
        await using var fixture = Create(_database);
        var coupon = await fixture.AddCouponAsync(2 * Large);
        await fixture.WriteAsync(Issuance(coupon, Large + 5, 1007));

        var result = await fixture.WriteAsync([.. Issuances(coupon, Large), Issuance(coupon, 0, 5000), Issuance(coupon, Large + 5, 5001)]);

        Assert.Equal(
            [(0, RejectionCauses.InvalidData), (7, RejectionCauses.UserAlreadyIssued), (Large + 5, RejectionCauses.OrdinalTaken)],
            result.Rejections.Select(rejection => (rejection.Issuance.Message.Ordinal, rejection.Cause)).Order()
        );
        Assert.Equal(Large - 1, result.Inserted);
        Assert.Equal(Large, (await fixture.RowsAsync(coupon)).Length);
        Assert.Equal(Large, await fixture.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task A_server_that_does_not_allow_it_is_asked_once_and_the_rows_are_inserted()
    {
        await ExecuteAsync("SET GLOBAL local_infile = OFF");
        await using var fixture = Create(_database, ("Retry:MaxElapsed", "00:00:05"));
        var coupon = await fixture.AddCouponAsync(2 * Large);

        Assert.Equal(Large, (await fixture.WriteAsync(Issuances(coupon, Large))).Inserted);
        var asked = await LoadsAsync();
        Assert.Equal(Large, (await fixture.WriteAsync(Issuances(coupon, Large, first: Large + 1))).Inserted);

        Assert.Equal(asked, await LoadsAsync());
        Assert.Equal(2 * Large, await fixture.IssuedQuantityAsync(coupon));
        Assert.Equal(2, fixture.Transactions.Begun);
    }

    [Fact]
    public async Task A_connection_string_that_does_not_allow_it_has_the_rows_inserted()
    {
        await using var fixture = Create(new MySqlConnectionStringBuilder(_database) { AllowLoadLocalInfile = false }.ConnectionString);
        var coupon = await fixture.AddCouponAsync(Large);

        Assert.Equal(Large, (await fixture.WriteAsync(Issuances(coupon, Large))).Inserted);

        Assert.Equal(0, await LoadsAsync());
        Assert.Equal(1, fixture.Transactions.Begun);
    }

    [Fact]
    public async Task A_load_waits_no_longer_than_any_other_command()
    {
        await using var fixture = Create(new MySqlConnectionStringBuilder(_database) { DefaultCommandTimeout = 1 }.ConnectionString);
        var coupon = await fixture.AddCouponAsync(Large);
        await using var other = new MySqlConnection(_database);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var held = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync(
            $"INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES ({coupon}, 3, 1, UTC_TIMESTAMP())",
            transaction: held
        );

        var exception = await Assert.ThrowsAsync<MySqlException>(() =>
            fixture.Get<IssuedCouponWriter>().WriteAsync(Issuances(coupon, Large), TestContext.Current.CancellationToken)
        );

        Assert.Equal(MySqlErrorCode.CommandTimeoutExpired, exception.ErrorCode);
        Assert.Equal(1, await LoadsAsync());
    }

    // The extremes of each column, with and without a key.
    private static Issuance[] Extremes(long coupon)
    {
        var batch = Issuances(coupon, Large);
        batch[3] = batch[3] with
        {
            Message = batch[3].Message with { Ordinal = long.MaxValue, UserId = long.MaxValue, IdempotencyKeyHash = long.MinValue },
        };
        batch[4] = batch[4] with { Message = batch[4].Message with { IdempotencyKeyHash = 7 } };
        return batch;
    }

    private static async Task<(long Ordinal, long User, DateTime IssuedAt, long? Key)[]> WholeRowsAsync(WritingFixture fixture, long coupon)
    {
        await using var context = fixture.Open();
        return
        [
            .. context
                .IssuedCoupons.Where(row => row.CouponId == coupon)
                .OrderBy(row => row.Ordinal)
                .AsEnumerable()
                .Select(row => (row.Ordinal, row.UserId, row.IssuedAt, row.IdempotencyKeyHash)),
        ];
    }

    private async Task<int> LoadsAsync()
    {
        await using var connection = new MySqlConnection(_mySql.ConnectionString);
        return (await connection.QuerySingleAsync<(string, int)>("SHOW GLOBAL STATUS LIKE 'Com_load'")).Item2;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(_mySql.ConnectionString);
        await connection.ExecuteAsync(sql);
    }
}
