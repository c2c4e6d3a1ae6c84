using Coupon.Hosting.Configuration;
using Coupon.Hosting.Http;

namespace Coupon.Api.Users;

internal static class UserServices
{
    /// <summary>Adds what finds out which user a request is of.</summary>
    public static void AddUsers(this WebApplicationBuilder builder)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        builder
            .Services.AddTrustedProxies()
            .AddValidated<UserOptions>(UserOptions.Section)
            .Validate(
                options => options.Source != UserSource.Body || options.AllowAnonymous || isDevelopment,
                "Anybody could press for anybody: set Auth:Jwt or Auth:Header, or Auth:AllowAnonymous=true where that is meant."
            )
            .Validate<ProxyOptions>(
                (options, proxies) => options.Source != UserSource.Header || !string.IsNullOrEmpty(proxies.Trusted),
                "Auth:Header is believed from trusted proxies only: set Proxies:Trusted."
            );
        builder.Services.AddSingleton<UserTokens>().AddSingleton<UserIdentity>().AddHostedService<UserSourceNotice>();
    }
}
