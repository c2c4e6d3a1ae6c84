namespace Coupon.Database;

/// <summary>
/// One thing that an operator did or tried, at the operators' door or by a command. Written before the action begins and completed when it ends, so
/// that nothing is done without a trace.
/// </summary>
public sealed class OperatorActionRow
{
    /// <summary>The <see cref="Actor"/> of who has not shown yet who it is: a sign-in that failed.</summary>
    public const string UnknownActor = "unknown";

    /// <summary>
    /// The <see cref="Result"/> until the action has ended. Where it stays, the outcome is not known: the process or MySQL went away.
    /// </summary>
    public const string Begun = "begun";

    /// <summary>The most characters of <see cref="Operation"/>.</summary>
    public const int MaxOperationLength = 36;

    /// <summary>The most characters of <see cref="Action"/>.</summary>
    public const int MaxActionLength = 60;

    /// <summary>The most characters of <see cref="Address"/>.</summary>
    public const int MaxAddressLength = 150;

    /// <summary>The most characters of <see cref="Result"/>.</summary>
    public const int MaxResultLength = 150;

    /// <summary>Assigned by the database, positive, growing.</summary>
    public long Id { get; init; }

    /// <summary>The action; the audit of the dead letters that it changed names it too (<see cref="DeadLetterAuditRow.Operation"/>).</summary>
    public required string Operation { get; init; }

    /// <summary>When it began, by the clock of the database (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>When it ended, by the clock of the database (UTC); null: see <see cref="Begun"/>.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>The name of the operator, or <see cref="UnknownActor"/>.</summary>
    public required string Actor { get; init; }

    /// <summary>What, in a word: <c>restock</c>.</summary>
    public required string Action { get; init; }

    /// <summary>On which coupon; null: on none, or on several.</summary>
    public long? CouponId { get; init; }

    /// <summary>The address that the request came from, or the command line and its host.</summary>
    public required string Address { get; init; }

    /// <summary>
    /// The status of HTTP, or the exit code of the command; behind it the code of a problem, or how many dead letters it was done to.
    /// </summary>
    public required string Result { get; init; }
}
