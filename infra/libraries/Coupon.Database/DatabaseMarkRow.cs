namespace Coupon.Database;

/// <summary>
/// The one row that shows that a database went back in time or that another server answers: processes and Redis remember its last content.
/// </summary>
public sealed class DatabaseMarkRow
{
    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public int Id { get; init; }

    /// <summary>How often another database has been accepted in place of the one before. Grows by one each time.</summary>
    public long Epoch { get; init; }

    /// <summary>The server that was accepted last; empty: none yet.</summary>
    public required string Server { get; init; }

    /// <summary>Grows each second with every process that watches.</summary>
    public long Mark { get; init; }

    /// <summary>The id of the only row.</summary>
    public const int OnlyId = 1;

    /// <summary>The longest <see cref="Server"/>, in characters.</summary>
    public const int MaxServerLength = 300;
}
