using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Dead letters of one cause and state that failed in the same place.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="FailedIn">The first frame of the stack; null: not known.</param>
/// <param name="State">The state.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstSeen">The earliest first failure of them (UTC).</param>
/// <param name="LastSeen">The latest last failure of them (UTC).</param>
internal sealed record FailureGroup(string Cause, string? FailedIn, DeadLetterState State, int Count, DateTime FirstSeen, DateTime LastSeen);
