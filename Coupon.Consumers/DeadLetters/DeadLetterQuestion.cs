namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// What an operator is asked to confirm. Count, last id and time are all that the answer has to bring back: they exclude entries that are recorded,
/// or opened again, after the question.
/// </summary>
/// <param name="Count">How many entries match.</param>
/// <param name="UpToId">The last of them; 0: none.</param>
/// <param name="AskedAt">When they were counted, by the clock of the database (UTC): none of them changed at this time or later.</param>
/// <param name="First">The first of them, oldest first.</param>
internal sealed record DeadLetterQuestion(int Count, long UpToId, DateTime AskedAt, IReadOnlyList<DeadLetterSummary> First);
