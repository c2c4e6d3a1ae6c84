using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Coupon.Hosting;

/// <summary>
/// The id of a user for logs and headers of dead letters. The same id has the same hash, so the lines about one user can be found by whoever has the
/// id already.
/// </summary>
public static class HashedUser
{
    private const int Bytes = 6;

    /// <summary>The hash of an id: <c>#</c> and twelve digits, the first of SHA-256 of the id as decimal text.</summary>
    public static string Of(long userId) => Of(userId.ToString(CultureInfo.InvariantCulture));

    /// <summary>The hash of a text that contains an id.</summary>
    public static string Of(string text) => $"#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes))}";
}
