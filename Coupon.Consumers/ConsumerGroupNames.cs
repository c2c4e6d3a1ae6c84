using System.ComponentModel.DataAnnotations;
using Coupon.Contracts;

namespace Coupon.Consumers;

/// <summary>The consumer groups' names: section <c>ConsumerGroups</c>.</summary>
internal sealed class ConsumerGroupNames
{
    /// <summary>Writes issuances to MySQL.</summary>
    [Required]
    public string Persistence { get; set; } = ConsumerGroups.Persistence;

    /// <summary>Fills the dead-letter ledger.</summary>
    [Required]
    public string DeadLetterLedger { get; set; } = ConsumerGroups.DeadLetterLedger;
}
