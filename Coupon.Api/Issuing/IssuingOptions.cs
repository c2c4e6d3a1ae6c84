using System.ComponentModel.DataAnnotations;

namespace Coupon.Api.Issuing;

/// <summary>Section <c>Issuing</c>: how long to wait for whom, and how much may wait.</summary>
public sealed class IssuingOptions
{
    /// <summary>How long a 202 waits for Kafka's acknowledgement before it is given without. Default 1 s; 0: do not wait at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>So many acknowledgements in a row that did not come in time open the circuit: no one waits until one comes. Default 5.</summary>
    [Range(1, 10_000)]
    public int CircuitThreshold { get; set; } = 5;

    /// <summary>
    /// How many issuances of one coupon may wait in the outbox before new requests get 503. Default 100,000, about 15 MB of Redis: three minutes
    /// without Kafka at 500 a second. 0 writes no outbox at all: for measuring what it costs, since accepted is then no longer safe.
    /// </summary>
    [Range(0, 10_000_000)]
    public int OutboxLimit { get; set; } = 100_000;

    /// <summary>
    /// How long an issuance belongs to the instance that accepted it; then any relay may send it. Default 5 s, at least <see cref="ConfirmTimeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RelayGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an entry belongs to the relay that leased it. Default 10 s; at least the producer's message timeout, or entries are sent twice for
    /// nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RelayLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a relay looks for entries that are due. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RelayInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From which age on an issuance counts as acknowledged because it is no longer in the outbox: some other instance has relayed it. Younger ones
    /// may be
    /// missing there because Redis has forgotten its last second. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LateCheckAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often that is looked at. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan LateCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many entries a relay leases at a time. Default 500.</summary>
    [Range(1, 10_000)]
    public int RelayBatch { get; set; } = 500;

    /// <summary>How long "sold out" is answered from memory before Redis is asked again. Default 1 s; 0: always ask.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SoldOutMemory { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long who was given a seat and presses again is told so from memory, where there is room: some ten thousand seats. Default 1 s; 0:
    /// always ask Redis.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SeatMemory { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Up to how many holders of a sold-out coupon are remembered, 8 bytes each. Default 1,000,000; a larger coupon is always asked in Redis.
    /// </summary>
    [Range(0, 100_000_000)]
    public int SoldOutHolders { get; set; } = 1_000_000;
}
