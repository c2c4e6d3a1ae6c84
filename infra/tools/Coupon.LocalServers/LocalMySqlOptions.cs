namespace Coupon.LocalServers;

/// <summary>How a private MySQL or MariaDB is started.</summary>
public sealed record LocalMySqlOptions
{
    /// <summary>The InnoDB buffer pool, in MiB.</summary>
    public int BufferPoolMegabytes { get; init; } = 256;

    /// <summary>The redo log, in MiB: with less, a long load waits for checkpoints.</summary>
    public int RedoLogMegabytes { get; init; } = 256;

    /// <summary>The size of a disk of its own for its data, in MiB (<see cref="SmallDisk"/>); null: the disk of the machine.</summary>
    public int? DiskMegabytes { get; init; }

    /// <summary>More of the server's own arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
