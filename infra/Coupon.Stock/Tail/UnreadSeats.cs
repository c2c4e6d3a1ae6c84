namespace Coupon.Stock.Tail;

/// <summary>What Kafka holds and MySQL may not know yet.</summary>
/// <param name="Issued">In the main topic, not committed by the group that writes.</param>
/// <param name="DeadLettered">In the dead-letter topic, not committed by the group that fills the ledger.</param>
/// <param name="MissingTopics">Those of the two topics that do not exist: not made yet, deleted, or of another name.</param>
internal sealed record UnreadSeats(ILookup<long, HeldSeat> Issued, ILookup<long, HeldSeat> DeadLettered, IReadOnlyList<string> MissingTopics);
