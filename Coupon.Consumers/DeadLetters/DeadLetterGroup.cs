using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Dead letters of one cause in one state.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="State">The state.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstSeen">The earliest first failure of them (UTC).</param>
/// <param name="LastSeen">The latest last failure of them (UTC).</param>
public sealed record DeadLetterGroup(string Cause, DeadLetterState State, int Count, DateTime FirstSeen, DateTime LastSeen);
