using System.ComponentModel.DataAnnotations;

namespace Coupon.Api.Http;

/// <summary>Section <c>Cors</c>: the other sites whose pages may use the public door from a browser.</summary>
public sealed class OriginOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Cors";

    /// <summary>Any site.</summary>
    public const string Any = "*";

    /// <summary>
    /// The origins of these sites as browsers send them, separated by semicolons: <c>https://shop.example;http://localhost:5173</c>. <c>*</c>: any
    /// site. Default null: none, and no header of CORS at all.
    /// </summary>
    public string? Origins { get; set; }

    /// <summary>
    /// Whether a browser may send what it keeps for this service along: cookies, which a proxy in front may know a user by. A token that a page puts
    /// into <c>Authorization</c> does not need it. Default false.
    /// </summary>
    public bool Credentials { get; set; }

    /// <summary>The origins, one by one.</summary>
    public IReadOnlyList<string> ToList() => (Origins ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var origins = ToList();
        if (origins.Count > 1 && origins.Contains(Any))
            yield return new ValidationResult("Cors:Origins has '*' and others: '*' is any site already.", [nameof(Origins)]);
        if (Credentials && origins.Contains(Any))
            yield return new ValidationResult(
                "Cors:Origins is '*', so any page could act for a user whose browser keeps credentials: list the origins, or leave out "
                    + "Cors:Credentials.",
                [nameof(Origins)]
            );
        foreach (var origin in origins.Where(origin => origin != Any && !IsOrigin(origin)))
            yield return new ValidationResult(
                $"Cors:Origins has '{origin}', which is no origin as browsers send it: http or https, the host in lower case, a port that is not the "
                    + "usual one, and no path.",
                [nameof(Origins)]
            );
    }

    // The text has to be the one that a browser sends (RFC 6454, section 6.2), since the two are compared as texts.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && text.All(char.IsAscii)
        && address.GetLeftPart(UriPartial.Authority) == text
        && address.UserInfo.Length == 0;
}
