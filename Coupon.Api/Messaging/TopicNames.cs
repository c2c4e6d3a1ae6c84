using System.ComponentModel.DataAnnotations;
using Coupon.Contracts;

namespace Coupon.Api.Messaging;

/// <summary>Section <c>Topics</c>: the topics' names. Both programs must be told the same; tests use names of their own on a shared broker.</summary>
public sealed class TopicNames
{
    /// <summary>Where issuances go. Default: the contract's name.</summary>
    [Required]
    public string CouponIssued { get; set; } = Topics.CouponIssued;
}
