using Coupon.Database;

namespace Coupon.Hosting.Audit;

/// <summary>An action of an operator while it runs. What is known only later, such as the id of a new coupon, is added to it.</summary>
/// <param name="name">What, in a word: <c>restock</c>.</param>
/// <param name="actor">The name of the operator, valid for the audit.</param>
/// <param name="address">Where it came from.</param>
public sealed class OperatorAction(string name, string actor, string address)
{
    /// <summary>The action in the audit of the dead letters that it changes.</summary>
    public string Operation { get; } = Guid.NewGuid().ToString("D");

    /// <summary>What, in a word.</summary>
    public string Name { get; } = Bounded(name, OperatorActionRow.MaxActionLength);

    /// <summary>The name of the operator.</summary>
    public string Actor { get; } = actor;

    /// <summary>Where it came from.</summary>
    public string Address { get; } = Bounded(address, OperatorActionRow.MaxAddressLength);

    /// <summary>On which coupon; null: on none, or on several.</summary>
    public long? CouponId { get; set; }

    /// <summary>Behind the status in the result: the code of a problem, or to how many dead letters it was done. Nothing of the request.</summary>
    public string? Note { get; set; }

    /// <summary>
    /// Whether it goes on in the background after the answer: the answer does not end it then. Who runs it calls <see
    /// cref="ActionRecords.EndAsync(string, long?, string)"/>.
    /// </summary>
    public bool GoesOn { get; set; }

    /// <summary>Whether its end is recorded, or was tried to be.</summary>
    internal bool HasEnded { get; set; }

    internal static string Bounded(string text, int length) => text.Length <= length ? text : text[..length];
}
