namespace Coupon.Database;

/// <summary>An operator who has signed in at the console. Every instance knows it, until it is signed out or has not been used for long.</summary>
public sealed class ConsoleSessionRow
{
    /// <summary>
    /// An HMAC of the token in the browser's cookie under the operators' key: nobody who reads this table can use a session, nobody who writes to it
    /// can make one, and the sessions of a key that was replaced are found no more.
    /// </summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The name of the operator.</summary>
    public required string Actor { get; init; }

    /// <summary>When it began (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it ends if it is not used any more (UTC).</summary>
    public DateTime EndsAt { get; init; }

    /// <summary>The bytes of <see cref="TokenHash"/>.</summary>
    public const int HashLength = 32;
}
