using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Configuration;

namespace Coupon.Api.Issuing;

/// <summary>Section <c>Issuing</c>: the bounds on waiting, on the outbox and on what is remembered.</summary>
public sealed class IssuingOptions
{
    /// <summary>How long a 202 waits for Kafka's acknowledgement before it is given without. Default 1 s; 0: it does not wait.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many acknowledgements in a row may fail or exceed <see cref="ConfirmTimeout"/> before the circuit opens and answers stop waiting.
    /// Default 5.
    /// </summary>
    [Range(1, 10_000)]
    public int CircuitThreshold { get; set; } = 5;

    /// <summary>
    /// How many issuances of one coupon the outbox may hold before new requests get 503. Default 100,000, about 15 MB of Redis: three minutes
    /// without Kafka at 500 a second. 0 writes no outbox at all, to measure its cost: accepted issuances are then not safe.
    /// </summary>
    [Range(0, 10_000_000)]
    [Unit("issuances")]
    public int OutboxLimit { get; set; } = 100_000;

    /// <summary>
    /// How long only the instance that accepted an issuance sends it; afterwards any relay may. Default 5 s, at least <see cref="ConfirmTimeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RelayGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an entry belongs to the relay that leased it. Default 10 s; at least the producer's message timeout, or entries are sent twice for
    /// nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RelayLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a relay looks for entries that are due. Default 1 s. Where there are more than a hundred coupons, entries that an instance left
    /// behind when it died are found within 30 of these intervals.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RelayInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many entries a relay leases at a time. Default 500.</summary>
    [Range(1, 10_000)]
    public int RelayBatch { get; set; } = 500;

    /// <summary>
    /// From which age on an unconfirmed issuance counts as acknowledged when it is no longer in the outbox: another instance has relayed it. A
    /// younger one may be missing there because Redis has lost its last second. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan UnconfirmedCheckAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the outbox is read for unconfirmed issuances. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan UnconfirmedCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long "sold out" is answered from memory before Redis is asked again. Default 1 s; 0: Redis is always asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SoldOutCacheTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Up to how many holders of a sold-out coupon are remembered, 2 bytes each. Default 20,000,000; for a larger coupon Redis is always asked.
    /// </summary>
    [Range(0, 100_000_000)]
    [Unit("holders")]
    public int SoldOutHolders { get; set; } = 20_000_000;

    /// <summary>
    /// How long a second press of a user who has just taken a seat is answered from memory, which has room for some ten thousand seats. Default
    /// 1 s; 0: Redis is always asked.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SeatCacheTime { get; set; } = TimeSpan.FromSeconds(1);
}
