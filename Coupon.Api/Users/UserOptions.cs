using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Tokens;

namespace Coupon.Api.Users;

/// <summary>
/// Section <c>Auth</c>: how a request says which user it is of. One of <see cref="Jwt"/> and <see cref="Header"/>; without both, the body of a press
/// says it, and everybody may name anybody: for development, or where <see cref="AllowAnonymous"/> says so.
/// </summary>
public sealed class UserOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Auth";

    /// <summary>Bearer tokens of users.</summary>
    public UserJwtOptions Jwt { get; set; } = new();

    /// <summary>
    /// The name of a header with the user's number, which a trusted proxy sets (<c>Proxies:Trusted</c>). From anybody else it is ignored. Default
    /// null: none.
    /// </summary>
    [RegularExpression("^[A-Za-z0-9-]+$")]
    public string? Header { get; set; }

    /// <summary>
    /// Whether the body may say who the user is outside Development. Default false: a program without tokens and header does not start there.
    /// </summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Where the user is taken from.</summary>
    public UserSource Source =>
        Jwt.IsConfigured ? UserSource.Token
        : Header is not null ? UserSource.Header
        : UserSource.Body;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Jwt.IsConfigured && Header is not null)
            yield return new ValidationResult("Auth:Jwt and Auth:Header cannot both say who the user is.", [nameof(Header)]);
        foreach (var fault in Jwt.Faults("Auth:Jwt"))
            yield return new ValidationResult(fault, [nameof(Jwt)]);
    }
}

/// <summary>Where the user of a request is taken from.</summary>
public enum UserSource
{
    /// <summary>The body of a press, or the path.</summary>
    Body,

    /// <summary>A header that a trusted proxy sets.</summary>
    Header,

    /// <summary>A bearer token.</summary>
    Token,
}

/// <summary>Section <c>Auth:Jwt</c>: the tokens that users send.</summary>
public sealed class UserJwtOptions : JwtOptions
{
    /// <summary>The claim with the user's number, a positive 64-bit number in decimal. Default <c>sub</c>.</summary>
    public string UserClaim { get; set; } = "sub";

    /// <summary>
    /// How many validated tokens are remembered, each for at most five minutes and not beyond its end: a user presses more than once. Default
    /// 20,000, about 20 MB. 0: every request is validated anew.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RememberedTokens { get; set; } = 20_000;
}
