using System.ComponentModel.DataAnnotations;
using Coupon.Contracts;

namespace Coupon.Hosting.Configuration;

/// <summary>Section <c>Topics</c>: the topics' names. Every program must be told the same; tests use names of their own on a shared broker.</summary>
public sealed class TopicNames
{
    /// <summary>The topic of issuances; dead letters are replayed to it. Default: the contract's name.</summary>
    [Required]
    public string CouponIssued { get; set; } = Topics.CouponIssued;

    /// <summary>The topic of messages that cannot be written. Default: the contract's name.</summary>
    [Required]
    public string DeadLetters { get; set; } = Topics.DeadLetters;
}
