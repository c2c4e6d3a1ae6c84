using System.Buffers.Text;
using System.Text;

namespace Coupon.Sale.Load;

/// <summary>The answer to one press of the button.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Ordinal">The place in the queue; 0 if the answer has none.</param>
/// <param name="Code">The stable code of a refusal; null if there is none.</param>
internal readonly record struct HttpAnswer(int Status, long Ordinal, string? Code)
{
    /// <summary>Reads an HTTP/1.1 response; false while a part of it is missing.</summary>
    /// <remarks>Searches the body instead of parsing it: parsing 30,000 documents would take CPU time from the service.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> received, out HttpAnswer answer)
    {
        answer = default;
        var headLength = received.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4)
            return false;
        var head = received[..headLength];
        var body = received[headLength..];
        if (!IsComplete(head, body))
            return false;

        if (!Utf8Parser.TryParse(head[9..], out int status, out _))
            throw new IOException("The answer is not HTTP/1.1.");
        answer = new HttpAnswer(status, Number(body, "\"ordinal\":"u8), status == 202 ? null : Text(body, "\"code\":\""u8));
        return true;
    }

    private static bool IsComplete(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var length = head.IndexOf("Content-Length: "u8);
        if (length < 0)
            return head.IndexOf("Transfer-Encoding: chunked"u8) < 0 || body.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(head[(length + 16)..], out int expected, out _) && body.Length >= expected;
    }

    private static long Number(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var at = body.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(body[(at + name.Length)..], out long number, out _) ? number : 0;
    }

    private static string? Text(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var at = body.IndexOf(name);
        if (at < 0)
            return null;
        var rest = body[(at + name.Length)..];
        var end = rest.IndexOf((byte)'"');
        return end < 0 ? null : Codes.Intern(rest[..end]);
    }

    /// <summary>The same few codes come back thousands of times.</summary>
    private static class Codes
    {
        private static readonly Dictionary<int, string> _known = [];

        public static string Intern(ReadOnlySpan<byte> code)
        {
            var hash = new HashCode();
            hash.AddBytes(code);
            var key = hash.ToHashCode();
            lock (_known)
            {
                if (!_known.TryGetValue(key, out var text))
                    _known[key] = text = Encoding.UTF8.GetString(code);
                return text;
            }
        }
    }
}
