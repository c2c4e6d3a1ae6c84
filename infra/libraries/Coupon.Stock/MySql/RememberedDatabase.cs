namespace Coupon.Stock.MySql;

/// <summary>What was last seen of the database that was accepted.</summary>
/// <param name="Epoch">As in <see cref="DatabaseReading.Epoch"/>, and so on.</param>
/// <param name="Server">The server.</param>
/// <param name="Mark">The mark.</param>
/// <param name="Gtids">The executed transactions; empty: not known.</param>
/// <param name="StartedAt">When it was started; 0: does not matter.</param>
internal sealed record RememberedDatabase(long Epoch, string Server, long Mark, string Gtids, long StartedAt)
{
    // Both times come from a clock and an uptime in whole seconds.
    private const int SameStartSeconds = 3;

    /// <summary>Of two memories the one that knows more.</summary>
    public static RememberedDatabase? Later(RememberedDatabase? left, RememberedDatabase? right) =>
        left is null ? right
        : right is null || (left.Epoch, left.Mark).CompareTo((right.Epoch, right.Mark)) >= 0 ? left
        : right;

    /// <summary>Compares what a server says with what is remembered. The memory must be the older of the two.</summary>
    /// <returns>Why the server must not be believed; null: it may.</returns>
    public static DatabaseDoubt? Judge(DatabaseReading reading, RememberedDatabase? remembered)
    {
        if (remembered is null)
            return reading.Accepted.Length == 0 || reading.Accepted == reading.Server ? null : Another(reading, reading.Accepted);
        if (reading.Accepted.Length > 0 && reading.Accepted != reading.Server)
            return Another(reading, reading.Accepted);
        if (reading.Epoch < remembered.Epoch && reading.Accepted.Length > 0)
            return new($"the MySQL server {reading.Server} was replaced by {remembered.Server}", WasReplaced: true);
        if (reading.Epoch > remembered.Epoch)
            return null;
        if (reading.Server != remembered.Server)
            return Another(reading, remembered.Server);
        if (reading.Accepted.Length == 0 || reading.Mark < remembered.Mark)
            return new($"MySQL went back in time: its mark is {reading.Mark}, and was {remembered.Mark}");
        if (!reading.HasRemembered)
            return new("MySQL went back in time: transactions that it had executed are gone");
        return remembered.StartedAt > 0 && reading.StartedAt - remembered.StartedAt > SameStartSeconds
            ? new("MySQL was started anew, and its commits are not durable (innodb_flush_log_at_trx_commit)")
            : null;
    }

    private static DatabaseDoubt Another(DatabaseReading reading, string before) =>
        new($"another MySQL server answers: {reading.Server}, before {before}");
}
