using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Coupon.Api.Users;

/// <summary>
/// Validates the tokens of users: signature, issuer, audience and lifetime. What was valid is remembered for a moment, since checking a signature
/// costs as much as a third of a press.
/// </summary>
internal sealed class UserTokens : IDisposable
{
    private static readonly TimeSpan _rememberedFor = TimeSpan.FromMinutes(5);

    /// <summary>Clocks of issuers may be off by so much.</summary>
    private static readonly TimeSpan _skew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new();
    private readonly UserJwtOptions _options;
    private readonly TimeProvider _time;
    private readonly TokenValidationParameters _parameters;
    private readonly MemoryCache? _valid;

    public UserTokens(UserOptions options, TimeProvider time)
    {
        (_options, _time) = (options.Jwt, time);
        _parameters = Parameters(_options);
        _parameters.LifetimeValidator = IsInItsTime;
        if (_options.RememberedTokens > 0)
            _valid = new MemoryCache(new MemoryCacheOptions { SizeLimit = _options.RememberedTokens });
    }

    /// <summary>Reads a token.</summary>
    /// <returns>Whether it is valid, and its claim with the user's number; null: it has none.</returns>
    public ValueTask<(bool IsValid, string? User)> ReadAsync(ReadOnlySpan<char> token) =>
        _valid is not null && _valid.TryGetValue(token, out Remembered? known) && _time.GetUtcNow() < known!.Until
            ? new((true, known.User))
            : new(ValidateAsync(token.ToString()));

    public void Dispose() => _valid?.Dispose();

    private async Task<(bool IsValid, string? User)> ValidateAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid)
            return (false, null);
        var read = (JsonWebToken)result.SecurityToken;
        var user = read.TryGetPayloadValue<object>(_options.UserClaim, out var value)
            ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
        Remember(token, user, read.ValidTo);
        return (true, user);
    }

    private void Remember(string token, string? user, DateTime end)
    {
        if (_valid is null)
            return;
        var now = _time.GetUtcNow();
        var until = new DateTimeOffset(end, TimeSpan.Zero) + _skew;
        using var entry = _valid.CreateEntry(token);
        entry.Value = new Remembered(user, until < now + _rememberedFor ? until : now + _rememberedFor);
        entry.AbsoluteExpirationRelativeToNow = _rememberedFor;
        entry.Size = 1;
    }

    private bool IsInItsTime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return until is { } end && now < end + _skew && (from is not { } start || now >= start - _skew);
    }

    private static TokenValidationParameters Parameters(UserJwtOptions options)
    {
        var parameters = new TokenValidationParameters();
        options.ApplyTo(parameters);
        if (options.Authority is { } authority)
            parameters.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                authority.TrimEnd('/') + "/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever()
            );
        return parameters;
    }

    private sealed record Remembered(string? User, DateTimeOffset Until);
}
