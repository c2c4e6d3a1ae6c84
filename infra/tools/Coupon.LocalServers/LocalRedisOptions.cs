namespace Coupon.LocalServers;

/// <summary>How a private Redis is started.</summary>
public sealed record LocalRedisOptions
{
    /// <summary>Whether every write goes to the append-only file.</summary>
    public bool AppendOnly { get; init; } = true;

    /// <summary>When the file is synced: <c>always</c>, <c>everysec</c> or <c>no</c>.</summary>
    public string AppendFsync { get; init; } = "everysec";

    /// <summary>The server to be a replica of; null: it is a primary.</summary>
    public LocalRedis? ReplicaOf { get; init; }

    /// <summary>More of redis-server's own arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
