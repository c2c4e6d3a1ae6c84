using System.Globalization;
using Coupon.Api.Http;
using Coupon.Hosting.Http;
using Microsoft.Net.Http.Headers;

namespace Coupon.Api.Users;

/// <summary>Finds out which user a request is of, by <see cref="UserOptions.Source"/>.</summary>
internal sealed class UserIdentity(UserOptions options, TrustedProxies proxies, UserTokens tokens)
{
    private const string Bearer = "Bearer ";

    private static readonly Refusal _noToken = new(ProblemKinds.Unauthenticated, "The header Authorization with a bearer token is missing.");
    private static readonly Refusal _badToken = new(ProblemKinds.Unauthenticated, "The token is not valid, or not any more.");
    private static readonly Refusal _noNumber = new(ProblemKinds.Unauthenticated, "The token names no user of this service.");
    private static readonly Refusal _noHeader = new(ProblemKinds.Unauthenticated, "No trusted proxy says which user this is.");
    private static readonly Refusal _otherUser = new(ProblemKinds.OtherUser);

    /// <summary>The user, where the request says it apart from its body and path.</summary>
    public ValueTask<RequestUser> FindAsync(HttpContext context) =>
        options.Source switch
        {
            UserSource.Token => OfTokenAsync(context),
            UserSource.Header => new(OfHeader(context)),
            _ => default,
        };

    /// <summary>Whether the request may be told what became of a user's presses.</summary>
    /// <returns>Why not; null: it may.</returns>
    public async ValueTask<Refusal?> RefusesAsync(HttpContext context, long userId)
    {
        var user = await FindAsync(context);
        return user.Refusal ?? (user.Id is { } id && id != userId ? _otherUser : null);
    }

    private async ValueTask<RequestUser> OfTokenAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Refused(context, _noToken, "Bearer");
        var (isValid, claim) = await tokens.ReadAsync(authorization.AsSpan(Bearer.Length).Trim());
        if (!isValid)
            return Refused(context, _badToken, "Bearer error=\"invalid_token\"");
        return NumberOf(claim) is { } id ? new RequestUser(id) : Refused(context, _noNumber, "Bearer error=\"invalid_token\"");
    }

    private RequestUser OfHeader(HttpContext context) =>
        proxies.Sent(context) && NumberOf(context.Request.Headers[options.Header!]) is { } id
            ? new RequestUser(id)
            : new RequestUser(null, _noHeader);

    // RFC 9110, section 15.5.2: a 401 names the scheme.
    private static RequestUser Refused(HttpContext context, Refusal refusal, string challenge)
    {
        context.Response.Headers[HeaderNames.WWWAuthenticate] = challenge;
        return new RequestUser(null, refusal);
    }

    private static long? NumberOf(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
}
