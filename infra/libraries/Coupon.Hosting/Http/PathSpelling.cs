using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coupon.Hosting.Http;

/// <summary>
/// Every path has one spelling: lower-case letters, digits and <c>. - _</c>, no empty segment, no number with a zero before it. Routing alone
/// accepts other cases, a slash at the end, percent-encoded letters, <c>+1</c> and <c>1%20</c> for the same path. A gateway or a cache in front
/// compares texts, so such a spelling would pass a rule for the path.
/// </summary>
internal static class PathSpelling
{
    private static readonly SearchValues<char> _allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789/.-_");

    public static bool IsTheOne(HttpContext context)
    {
        // The target as it was sent. In the path of the request, letters are decoded and dots resolved.
        var path = PathOf(context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "");
        if (path is "/" or "" or "*")
            return path is "/";
        if (path[0] != '/' || path.ContainsAnyExcept(_allowed))
            return false;
        foreach (var range in path[1..].Split('/'))
        {
            if (!IsSegment(path[1..][range]))
                return false;
        }

        return true;
    }

    private static bool IsSegment(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment is "." or "..")
            return false;
        var digits = segment[0] == '-' ? segment[1..] : segment;
        return digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') || digits[0] != '0' || segment is "0";
    }

    // A target may be an absolute address (RFC 9112, section 3.2.2).
    private static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        var query = path.IndexOfAny('?', '#');
        if (query >= 0)
            path = path[..query];
        if (path.IsEmpty || path[0] == '/')
            return path;
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return path;
        var rest = path[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? "/" : rest[slash..];
    }
}
