using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Coupon.Contracts;

namespace Coupon.Stock.Tail;

/// <summary>Where the unread tail is: the broker, the topics, and the groups whose committed offsets say what has been read.</summary>
public sealed class TailOptions
{
    /// <summary>How to reach Kafka: <see cref="KafkaClient"/>. Group and commit settings are ignored.</summary>
    public ClientConfig Client { get; set; } = new();

    /// <summary>The topic of issuances: <c>Topics:CouponIssued</c>.</summary>
    [Required]
    public string CouponIssuedTopic { get; set; } = Topics.CouponIssued;

    /// <summary>The topic of dead letters: <c>Topics:DeadLetters</c>.</summary>
    [Required]
    public string DeadLettersTopic { get; set; } = Topics.DeadLetters;

    /// <summary>The group that writes issuances to MySQL: <c>ConsumerGroups:Persistence</c>.</summary>
    [Required]
    public string PersistenceGroup { get; set; } = ConsumerGroups.Persistence;

    /// <summary>The group that fills the ledger: <c>ConsumerGroups:DeadLetterLedger</c>.</summary>
    [Required]
    public string DeadLetterLedgerGroup { get; set; } = ConsumerGroups.DeadLetterLedger;

    /// <summary>How long one question to the broker may take, and how long reading may stand still.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
