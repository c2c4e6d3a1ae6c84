using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Coupon.Tests.Fuzz;

/// <summary>One request as bytes, and what may be expected of the answer.</summary>
/// <param name="Bytes">What is sent.</param>
/// <param name="IsHead">Its answer has no body.</param>
/// <param name="IsWhole">False: the client stops in the middle, and need not be answered.</param>
/// <param name="IsHttp">False: it may be none that the server understands as HTTP at all, and refuses without a body.</param>
internal sealed record FuzzRequest(byte[] Bytes, bool IsHead, bool IsWhole, bool IsHttp)
{
    public override string ToString() => Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 2000)));
}

/// <summary>Makes requests of a document: most of them nearly right, since what is wrong in everything is refused by the first who looks.</summary>
internal sealed class FuzzRequests
{
    private readonly JsonElement _document;
    private readonly (string Path, string Method, JsonElement Operation)[] _operations;
    private readonly string[] _headers;
    private readonly Func<string, string, bool> _isLeftOut;

    /// <param name="document">The OpenAPI document.</param>
    /// <param name="headers">What every request has that is to get anywhere.</param>
    /// <param name="isLeftOut">Method and path of what is not to be called as it is meant, because it would end the run or undo what it
    /// counts.</param>
    public FuzzRequests(JsonElement document, string[] headers, Func<string, string, bool> isLeftOut)
    {
        (_document, _headers, _isLeftOut) = (document, headers, isLeftOut);
        _operations =
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name.ToUpperInvariant(), operation.Value))
                ),
        ];
    }

    /// <param name="noise">Where all that is random comes from.</param>
    /// <param name="ids">Ids that exist, for the parameters of paths.</param>
    public FuzzRequest Next(Noise noise, IReadOnlyList<long> ids)
    {
        var (template, method, operation) = _operations[noise.Random.Next(_operations.Length)];
        var (path, query) = (PathOf(noise, template, ids), QueryOf(noise, operation));
        var body = operation.TryGetProperty("requestBody", out var described) ? BodyOf(noise, described) : [];
        if (noise.OneIn(8))
            method = noise.Of("HEAD", "PUT", "PATCH", "OPTIONS", "TRACE", "get", "X-Y", "DELETE", "GET", "POST");
        var isReadable = true;
        if (noise.OneIn(6))
            path = Misspelt(noise, path, ref isReadable);
        if (_isLeftOut(method, template))
            path += noise.Of("/", "x", "%20");
        if (noise.OneIn(8))
            body = noise.Of(noise.Bytes(300), noise.Damaged(body), Noise.Ascii(noise.Json()), new byte[noise.Random.Next(20_000)]);
        return Framed(noise, method, path + query, body, isReadable);
    }

    private FuzzRequest Framed(Noise noise, string method, string target, byte[] body, bool isReadable)
    {
        var headers = _headers.ToList();
        var version = "HTTP/1.1";
        var (isWhole, isHttp, bytes) = (true, isReadable, body);
        if (body.Length > 0 || method is "POST" or "PUT" or "PATCH")
            headers.Add(
                noise.OneIn(8)
                    ? noise.Of(
                        "Content-Type: text/plain",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Content-Type: multipart/form-data; boundary=x",
                        "Content-Type: application/json; charset=utf-16",
                        "Content-Type: application/json;;;",
                        "Content-Type: ",
                        "X: y"
                    )
                    : "Content-Type: application/json"
            );
        switch (noise.Random.Next(12))
        {
            case 0:
                headers.Add("Transfer-Encoding: chunked");
                bytes = Chunked(noise, body, out isWhole);
                isHttp &= isWhole;
                break;
            case 1 when body.Length > 0:
                headers.Add(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length + noise.Random.Next(1, 50)}"));
                isWhole = false;
                break;
            case 2 when noise.OneIn(2):
                headers.Add($"Content-Length: {noise.Number()}");
                (isWhole, isHttp) = (false, false);
                break;
            case 3 when noise.OneIn(2):
                headers.Add(noise.Of("Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x", "Transfer-Encoding: chunked, chunked"));
                headers.Add($"Content-Length: {body.Length}");
                (isWhole, isHttp) = (false, false);
                break;
            default:
                if (body.Length > 0 || method is "POST" or "PUT" or "PATCH")
                    headers.Add(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}"));
                break;
        }

        if (noise.OneIn(3))
            headers.Add(OddHeader(noise, ref isHttp));
        if (noise.OneIn(40))
        {
            version = noise.Of("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP/1.1 ", "");
            isHttp = false;
        }

        if (noise.OneIn(60))
            (target, isHttp) = (noise.Of("*", "", "x", "http://elsewhere/coupons", "/" + new string('a', 9000), "/%zz", "/\u0001"), false);
        var head = Noise.Ascii($"{method} {target} {version}\r\n{string.Join("\r\n", headers)}\r\nConnection: close\r\n\r\n");
        if (noise.OneIn(40))
            (head, isHttp, isWhole) = (noise.Damaged(head), false, false);
        byte[] all = [.. head, .. bytes];
        if (noise.OneIn(40))
            (all, isWhole) = (all[..noise.Random.Next(1, all.Length)], false);
        return new FuzzRequest(all, method == "HEAD", isWhole, isHttp);
    }

    private static string OddHeader(Noise noise, ref bool isHttp)
    {
        switch (noise.Random.Next(14))
        {
            case 0:
                return $"Content-Encoding: {noise.Of("gzip", "br", "identity", "", "x")}";
            case 1:
                return $"Origin: {noise.Of("null", "https://elsewhere.example", "x", "http://[", "")}";
            case 2:
                return $"Sec-Fetch-Site: {noise.Of("cross-site", "same-site", "same-origin", "none", "x")}";
            case 3:
                return $"Accept: {noise.Of("text/html", "application/xml", "*/*;q=0", "x", ",,,", "image/png")}";
            case 4:
                return $"Idempotency-Key: {noise.Of("a", "", new string('k', 200), "é", "a b", "a\tb")}";
            case 5:
                return "Expect: 100-continue";
            case 6:
                return $"Range: bytes={noise.Number()}-";
            case 7:
                return $"If-None-Match: {noise.Of("*", "\"x\"", "W/\"", ",")}";
            case 8:
                return $"traceparent: {noise.Of("00-x", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "ff", new string('0', 500))}";
            case 9:
                return $"Cookie: {noise.Of("a=b", ";;;", "coupon-operator=x", new string('c', 4000))}";
            case 10:
                return $"Accept-Encoding: {noise.Of("gzip", "*;q=0", "x")}";
            case 11:
                isHttp = false;
                return $"X: {new string('x', 40_000)}";
            case 12:
                isHttp = false;
                return noise.Of("Bad Header", ": x", "X : y", " folded", "X: a\u0000b", "Host: two", "Upgrade: h2c");
            default:
                return $"X-Forwarded-For: {noise.Of("1.2.3.4", "x", "::1, 2", "")}";
        }
    }

    private static byte[] Chunked(Noise noise, byte[] body, out bool isWhole)
    {
        isWhole = true;
        var bytes = new List<byte>();
        for (var at = 0; at < body.Length; )
        {
            var size = Math.Min(body.Length - at, noise.Random.Next(1, 20));
            bytes.AddRange(Noise.Ascii(string.Create(CultureInfo.InvariantCulture, $"{size:x}{(noise.OneIn(10) ? ";x=y" : "")}\r\n")));
            bytes.AddRange(body.AsSpan(at, size));
            bytes.AddRange("\r\n"u8);
            at += size;
        }

        if (noise.OneIn(3))
        {
            isWhole = false;
            bytes.AddRange(Noise.Ascii(noise.Of("FFFFFFFFFFFFFFFF0\r\n", "7FFFFFFF\r\nx", "-1\r\n", "x\r\n", "5\r\nabcdeXX", "1\r\n", "0x5\r\n")));
        }

        bytes.AddRange("0\r\n\r\n"u8);
        return [.. bytes];
    }

    private static string PathOf(Noise noise, string template, IReadOnlyList<long> ids) =>
        string.Join(
            '/',
            template
                .Split('/')
                .Select(segment =>
                    !segment.StartsWith('{') ? segment
                    : segment == "{code}" ? noise.Of("sold-out", "nonsense", "%2e%2e")
                    : !noise.OneIn(4) && segment is "{couponId}" or "{id}" && ids.Count > 0
                        ? ids[noise.Random.Next(ids.Count)].ToString(CultureInfo.InvariantCulture)
                    : noise.OneIn(2) ? noise.Random.Next(1, 100).ToString(CultureInfo.InvariantCulture)
                    : Uri.EscapeDataString(noise.Number())
                )
        );

    private static string QueryOf(Noise noise, JsonElement operation)
    {
        if (!operation.TryGetProperty("parameters", out var parameters))
            return "";
        var fields = new List<string>();
        foreach (var parameter in parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query"))
        {
            if (!noise.OneIn(2))
                continue;
            var value = noise.Random.Next(4) switch
            {
                0 => noise.Number(),
                1 => noise.Time(),
                2 => noise.Of("open", "Replayed,Resolved", "x", "a/b@c", "%"),
                _ => noise.Random.Next(1, 50).ToString(CultureInfo.InvariantCulture),
            };
            fields.Add($"{parameter.GetProperty("name").GetString()}={(noise.OneIn(10) ? "%zz%00%ff" : Uri.EscapeDataString(value))}");
            if (noise.OneIn(6))
                fields.Add(fields[^1]);
        }

        return fields.Count == 0 ? "" : "?" + string.Join('&', fields);
    }

    private static string Misspelt(Noise noise, string path, ref bool isReadable)
    {
        switch (noise.Random.Next(9))
        {
            case 0:
                return path.ToUpperInvariant();
            case 1:
                return path + "/";
            case 2:
                return "/" + path;
            case 3:
                return path.Replace("c", "%63", StringComparison.Ordinal);
            case 4:
                return path + "/..";
            case 5:
                return path + noise.Of("%2F", "%5C", ";x=y", "%20", "+", "%C3%A9", "\\");
            case 6:
                return "/." + path;
            case 7:
                // Kestrel refuses these by itself.
                isReadable = false;
                return path + noise.Of("%00", "é", "\u0001");
            default:
                return path + "/" + noise.Random.Next(100).ToString(CultureInfo.InvariantCulture);
        }
    }

    private byte[] BodyOf(Noise noise, JsonElement described) =>
        Noise.Ascii(ObjectOf(noise, described.GetProperty("content").GetProperty("application/json").GetProperty("schema"), 0));

    private string ObjectOf(Noise noise, JsonElement schema, int depth)
    {
        while (schema.TryGetProperty("$ref", out var reference))
            schema = reference.GetString()![2..].Split('/').Aggregate(_document, (element, name) => element.GetProperty(name));
        if (!schema.TryGetProperty("properties", out var properties) || depth > 3)
            return noise.Json();
        var members = properties
            .EnumerateObject()
            .Where(_ => !noise.OneIn(8))
            .Select(member => $"\"{member.Name}\":{(noise.OneIn(5) ? noise.Json() : ValueOf(noise, member.Value, depth))}")
            .ToList();
        if (members.Count > 0 && noise.OneIn(15))
            members.Add(members[0]);
        if (noise.OneIn(15))
            members.Add($"\"{noise.Text()}\":{noise.Json()}");
        return $"{{{string.Join(',', members)}}}";
    }

    private string ValueOf(Noise noise, JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("$ref", out _) || schema.TryGetProperty("properties", out _))
            return ObjectOf(noise, schema, depth + 1);
        var type = schema.TryGetProperty("type", out var said) ? said.ToString() : "";
        if (type.Contains("integer", StringComparison.Ordinal) || type.Contains("number", StringComparison.Ordinal))
            return noise.OneIn(4) ? noise.Number() : noise.Random.Next(1, 500).ToString(CultureInfo.InvariantCulture);
        if (type.Contains("boolean", StringComparison.Ordinal))
            return noise.Of("true", "false");
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time")
            return $"\"{noise.Time()}\"";
        return type.Contains("string", StringComparison.Ordinal) ? $"\"{noise.Text()}\"" : noise.Json();
    }
}
