using MySqlConnector;

namespace Coupon.LocalServers;

/// <summary>A private MySQL or MariaDB whose commits are durable: the redo log is synced by every one.</summary>
public sealed class LocalMySql : LocalServer
{
    private readonly MySqlProgram _program;
    private readonly LocalMySqlOptions _options;
    private SmallDisk? _disk;

    private LocalMySql(MySqlProgram program, LocalMySqlOptions options)
        : base("mysql")
    {
        _program = program;
        _options = options;
    }

    /// <summary>Whether this machine has one.</summary>
    public static bool IsInstalled => MySqlProgram.Find() is not null;

    /// <inheritdoc />
    public override string ConnectionString =>
        new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)Port,
            UserID = "coupon",
            Password = "coupon",
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
            AllowLoadLocalInfile = true,
        }.ConnectionString;

    /// <inheritdoc />
    public override string Description => $"{_program.Version}, private, durable commits";

    /// <summary>The disk of its data; only where it was started with one of its own.</summary>
    public SmallDisk Disk => _disk ?? throw new InvalidOperationException("This MySQL has no disk of its own.");

    private string DataFolder => Path.Combine(Folder, "data");

    private string TemporaryTables => Path.Combine(Folder, "tmp");

    private string InitFile => Path.Combine(Folder, "init.sql");

    /// <inheritdoc />
    protected override ChildCommand Command => OnItsDisk(Server);

    private ChildCommand Server =>
        new(
            _program.Server,
            [
                "--no-defaults",
                .. MySqlProgram.AsRoot,
                $"--datadir={DataFolder}",
                $"--tmpdir={TemporaryTables}",
                $"--socket={Path.Combine(Folder, "s.sock")}",
                $"--pid-file={Path.Combine(Folder, "pid")}",
                $"--init-file={InitFile}",
                "--bind-address=127.0.0.1",
                $"--port={Port}",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=1",
                $"--innodb-buffer-pool-size={_options.BufferPoolMegabytes}M",
                "--max-allowed-packet=64M",
                "--max-connections=500",
                .. _program.ServerArguments(_options.RedoLogMegabytes),
                .. _options.Arguments,
            ]
        );

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it does not start.</exception>
    public static async Task<LocalMySql> StartAsync(LocalMySqlOptions? options = null, CancellationToken cancellationToken = default)
    {
        var program = MySqlProgram.Find()
            ?? throw new InvalidOperationException(
                "There is no mysqld at MYSQL_HOME or on the PATH, and no mariadbd (Debian: apt-get install mariadb-server)."
            );
        var mySql = new LocalMySql(program, options ?? new LocalMySqlOptions());
        await mySql.StartFirstAsync(cancellationToken);
        return mySql;
    }

    /// <inheritdoc />
    protected override async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(InitFile))
            return;
        Directory.CreateDirectory(TemporaryTables);
        if (_options.DiskMegabytes is { } megabytes)
            _disk = await SmallDisk.MountAsync(DataFolder, megabytes);

        var initialise = OnItsDisk(_program.Initialise(DataFolder, TemporaryTables));
        using (var process = await ChildProcess.StartAsync(initialise, Path.Combine(Folder, "initialise.log")))
        {
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"The data folder of MySQL cannot be made:\n{process.LastOutput(40)}");
        }

        // One statement a line, as init-file wants it. Run at every start, so that it also repairs what a crash took.
        await File.WriteAllTextAsync(
            InitFile,
            """
            CREATE USER IF NOT EXISTS 'coupon'@'127.0.0.1' IDENTIFIED BY 'coupon';
            GRANT ALL ON *.* TO 'coupon'@'127.0.0.1' WITH GRANT OPTION;

            """,
            cancellationToken
        );
    }

    /// <inheritdoc />
    protected override ValueTask DisposeMoreAsync() => _disk?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc />
    protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (MySqlException)
        {
            return false;
        }
    }

    private ChildCommand OnItsDisk(ChildCommand command) => _disk?.Within(command) ?? command;
}
