using System.ComponentModel.DataAnnotations;
using Coupon.Contracts;

namespace Coupon.Consumers;

/// <summary>The topics' names: section <c>Topics</c>. Both programs must be told the same; tests use names of their own on a shared broker.</summary>
internal sealed class TopicNames
{
    /// <summary>Where issuances come from, and where dead letters are replayed to.</summary>
    [Required]
    public string CouponIssued { get; set; } = Topics.CouponIssued;

    /// <summary>Where goes what cannot be written.</summary>
    [Required]
    public string DeadLetters { get; set; } = Topics.DeadLetters;
}
