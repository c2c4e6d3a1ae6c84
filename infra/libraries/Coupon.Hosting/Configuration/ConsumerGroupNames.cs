using System.ComponentModel.DataAnnotations;
using Coupon.Contracts;

namespace Coupon.Hosting.Configuration;

/// <summary>Section <c>ConsumerGroups</c>: the consumer groups' names. Every program must be told the same.</summary>
public sealed class ConsumerGroupNames
{
    /// <summary>The group that writes issuances to MySQL. Default: the contract's name.</summary>
    [Required]
    public string Persistence { get; set; } = ConsumerGroups.Persistence;

    /// <summary>The group that fills the dead-letter ledger in MySQL. Default: the contract's name.</summary>
    [Required]
    public string DeadLetterLedger { get; set; } = ConsumerGroups.DeadLetterLedger;
}
