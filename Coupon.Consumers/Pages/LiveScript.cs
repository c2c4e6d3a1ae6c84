using System.Security.Cryptography;
using Coupon.Hosting.Operators;

namespace Coupon.Consumers.Pages;

/// <summary>The one script of the console, which keeps a page up to date. Without it a page is readable, and does all that it does.</summary>
/// <remarks>
/// It asks for the page again every few seconds. A stream of events would save nothing: what a page shows is read from the servers when it is asked
/// for, so a stream would have to ask them as often; and it would hold a connection for each tab, and end with each restart.
/// </remarks>
internal static class LiveScript
{
    /// <summary>Where it is.</summary>
    public const string Path = "/console/live.js";

    private const int NonceBytes = 16;

    /// <summary>Lets the script run in the page that this request is answered with, and no other script.</summary>
    /// <returns>What its element has to have.</returns>
    public static string Permit(HttpContext http)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        http.Response.Headers.ContentSecurityPolicy = OperatorHeaders.PolicyWith(nonce);
        return nonce;
    }
}
