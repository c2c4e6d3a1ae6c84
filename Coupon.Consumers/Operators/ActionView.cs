using Coupon.Database;

namespace Coupon.Consumers.Operators;

/// <summary>Something that an operator did or tried.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="At">When it began.</param>
/// <param name="EndedAt">When it ended; null: it runs, or its process or MySQL went away.</param>
/// <param name="Actor">The name of the operator; <c>unknown</c>: a sign-in that failed.</param>
/// <param name="Action">What, in a word.</param>
/// <param name="CouponId">On which coupon; null: on none, or on several.</param>
/// <param name="Address">The address that it came from, or the command line and its host.</param>
/// <param name="Result">The status of HTTP and the code of a problem, or the exit code; <c>begun</c> where <c>endedAt</c> is null.</param>
/// <param name="Operation">The same action in the audit of the dead letters that it changed.</param>
public sealed record ActionView(
    long Id,
    DateTime At,
    DateTime? EndedAt,
    string Actor,
    string Action,
    long? CouponId,
    string Address,
    string Result,
    string Operation
)
{
    internal static ActionView Of(OperatorActionRow row) =>
        new(row.Id, row.At, row.EndedAt, row.Actor, row.Action, row.CouponId, row.Address, row.Result, row.Operation);
}
