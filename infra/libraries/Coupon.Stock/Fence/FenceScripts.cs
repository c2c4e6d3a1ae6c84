namespace Coupon.Stock.Fence;

/// <summary>
/// The scripts that stand in the cache of Redis only while the stock is verified: those that give out seats, or believe what Redis says of them.
/// </summary>
/// <param name="All">Called by hash only, never with their text.</param>
public sealed record FenceScripts(IReadOnlyList<StockScript> All);
