using Coupon.LocalServers;
using MySqlConnector;

namespace Coupon.Tests.LocalServers;

public sealed class LocalMySqlTests
{
    [Fact]
    public async Task A_committed_row_is_there_after_kill_minus_nine()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await ExecuteAsync(mySql, "CREATE DATABASE shop; CREATE TABLE shop.seats (id INT PRIMARY KEY); INSERT INTO shop.seats VALUES (532)");

        await mySql.KillAsync();
        MySqlConnection.ClearAllPools();
        await mySql.StartAgainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(532, await ExecuteAsync(mySql, "SELECT id FROM shop.seats"));
    }

    [Fact]
    public async Task Every_commit_is_synced()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, Convert.ToInt32(await ExecuteAsync(mySql, "SELECT @@innodb_flush_log_at_trx_commit"), null));
    }

    [Fact]
    public async Task A_full_disk_refuses_rows_until_space_is_given_back_and_loses_none()
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "This process may not mount a file system.");
        await using var mySql = await LocalMySql.StartAsync(new LocalMySqlOptions { DiskMegabytes = 1024 }, TestContext.Current.CancellationToken);
        await ExecuteAsync(mySql, "CREATE DATABASE shop; CREATE TABLE shop.seats (id INT AUTO_INCREMENT PRIMARY KEY, filler CHAR(255) NOT NULL)");
        mySql.Disk.Fill();

        var written = 0;
        var refused = await Assert.ThrowsAsync<MySqlException>(async () =>
        {
            for (; written < 1_000; written++)
                await ExecuteAsync(mySql, "INSERT INTO shop.seats (filler) VALUES ('taken')");
        });
        mySql.Disk.Free();
        await ExecuteAsync(mySql, "INSERT INTO shop.seats (filler) VALUES ('taken')");
        await mySql.KillAsync();
        MySqlConnection.ClearAllPools();
        await mySql.StartAgainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(MySqlErrorCode.RecordFileFull, refused.ErrorCode);
        Assert.Equal(written + 1, Convert.ToInt32(await ExecuteAsync(mySql, "SELECT COUNT(*) FROM shop.seats"), null));
    }

    private static async Task<object?> ExecuteAsync(LocalMySql mySql, string sql)
    {
        await using var connection = new MySqlConnection(mySql.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
