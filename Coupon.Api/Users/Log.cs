namespace Coupon.Api.Users;

internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information, "A user is who the claim {Claim} of a bearer token says, signed by {Issuer}")]
    public static partial void UsersByToken(ILogger logger, string claim, string issuer);

    [LoggerMessage(61, LogLevel.Information, "A user is who the header {Header} says, where a trusted proxy sends it")]
    public static partial void UsersByHeader(ILogger logger, string header);

    [LoggerMessage(62, LogLevel.Warning, "Anybody may press for anybody: neither Auth:Jwt nor Auth:Header is set")]
    public static partial void UsersByBody(ILogger logger);
}
