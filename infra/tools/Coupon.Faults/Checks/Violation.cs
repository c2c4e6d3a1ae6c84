namespace Coupon.Faults.Checks;

/// <summary>A promise that was not kept.</summary>
/// <param name="Promise">Which one.</param>
/// <param name="Text">What was seen, by id.</param>
/// <param name="Users">Whom it concerns; their answers are shown.</param>
internal sealed record Violation(Promise Promise, string Text, params IReadOnlyList<long> Users);

/// <summary>What a run checks.</summary>
internal enum Promise
{
    /// <summary>Never more seats than exist.</summary>
    Oversold,

    /// <summary>One seat for each user.</summary>
    OnePerUser,

    /// <summary>Accepted is never lost.</summary>
    Lost,

    /// <summary>Nobody is told two ordinals, no ordinal is told to two users, and what was told stays true.</summary>
    ToldTwice,

    /// <summary>What was deleted stays deleted.</summary>
    Deleted,

    /// <summary>A balance adds up in the end, and says so only while it does.</summary>
    Books,

    /// <summary>What cannot be written is a dead letter.</summary>
    DeadLetters,

    /// <summary>No process ends by itself.</summary>
    Crashed,

    /// <summary>A stop ends in time, with code 0.</summary>
    Stopped,

    /// <summary>Health tells the truth within ten seconds.</summary>
    Health,

    /// <summary>The log stays readable.</summary>
    LogVolume,

    /// <summary>The service comes back by itself.</summary>
    Recovered,
}
