namespace Coupon.Database;

/// <summary>Called whenever a connection to MySQL has been opened and set. Optional, as a service.</summary>
/// <param name="Opened">What to call.</param>
public sealed record ConnectionWatch(Action Opened);
