using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Coupon.Hosting.Http;
using Coupon.Sale.Deployment;

namespace Coupon.Tests.Http;

/// <summary>
/// Holds answers against an OpenAPI document: status, headers, media type and body. It knows the words of JSON Schema that our documents use, and
/// takes a member that a schema does not name for a fault: what is on the wire is in the document.
/// </summary>
internal sealed class DocumentedAnswers(JsonElement document)
{
    /// <summary>What of an answer is not as the document says; empty: all is, or the document does not describe the path.</summary>
    public IReadOnlyList<string> FaultsOf(string method, string path, int status, string? contentType, Func<string, bool> hasHeader, string body)
    {
        if (PathOf(path) is not { } operations || !operations.TryGetProperty(method.ToLowerInvariant(), out var operation))
            return [];
        var responses = operation.GetProperty("responses");
        var code = status.ToString(CultureInfo.InvariantCulture);
        if (!responses.TryGetProperty(code, out var response) && (status < 400 || !responses.TryGetProperty("default", out response)))
            return [$"{status} is not documented"];

        var faults = new List<string>();
        if (response.TryGetProperty("headers", out var headers))
        {
            foreach (var header in headers.EnumerateObject())
            {
                if (header.Value.TryGetProperty("required", out var required) && required.GetBoolean() && !hasHeader(header.Name))
                    faults.Add($"the header {header.Name} is missing");
            }
        }

        if (!response.TryGetProperty("content", out var content))
            return body.Length == 0 ? faults : [.. faults, "there is a body, and none is documented"];
        if (contentType is null || !content.TryGetProperty(contentType, out var media))
            return [.. faults, $"the media type {contentType} is not documented"];
        var json = JsonDocument.Parse(body).RootElement;
        Validate(media.GetProperty("schema"), json, "$", isClosed: true, faults);
        if (status >= 400)
            ValidateProblem(response, json, status, faults);
        return faults;
    }

    /// <summary>The operations of the path that a request path is one of; null: the document has none.</summary>
    private JsonElement? PathOf(string path)
    {
        var segments = path.Split('/');
        JsonElement? found = null;
        foreach (var template in document.GetProperty("paths").EnumerateObject())
        {
            if (template.Name == path)
                return template.Value;
            var parts = template.Name.Split('/');
            if (parts.Length == segments.Length && parts.Zip(segments).All(pair => pair.First == pair.Second || pair.First.StartsWith('{')))
                found = template.Value;
        }

        return found;
    }

    // What JSON Schema would say only with a schema for each answer: the status, and the codes that this answer may have.
    private static void ValidateProblem(JsonElement response, JsonElement problem, int status, List<string> faults)
    {
        if (!problem.TryGetProperty("status", out var said) || said.GetInt32() != status)
            faults.Add($"$.status is not {status}");
        var code = problem.TryGetProperty("code", out var given) ? given.GetString() : null;
        if (response.TryGetProperty(ProblemCodes.Extension, out var codes) && !codes.EnumerateArray().Any(known => known.GetString() == code))
            faults.Add($"$.code is {code}, not one of {codes}");
    }

    private void Validate(JsonElement schema, JsonElement value, string at, bool isClosed, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Validate(Resolve(reference.GetString()!), value, at, isClosed: true, faults);
            return;
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
                Validate(part, value, at, isClosed: false, faults);
        }

        if (schema.TryGetProperty("oneOf", out var alternatives) && alternatives.EnumerateArray().Count(one => IsValid(one, value, at)) != 1)
            faults.Add($"{at} is {value}, not one of {alternatives}");
        if (schema.TryGetProperty("type", out var type) && !IsOf(type, value))
            faults.Add($"{at} is {value.ValueKind}, not {type}");
        if (schema.TryGetProperty("enum", out var names) && !names.EnumerateArray().Any(name => name.ToString() == value.ToString()))
            faults.Add($"{at} is {value}, not one of {names}");
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                if (schema.TryGetProperty("minimum", out var least) && value.GetDecimal() < least.GetDecimal())
                    faults.Add($"{at} is {value}, below {least}");
                if (schema.TryGetProperty("maximum", out var most) && value.GetDecimal() > most.GetDecimal())
                    faults.Add($"{at} is {value}, above {most}");
                break;
            case JsonValueKind.String:
                ValidateText(schema, value, at, faults);
                break;
            case JsonValueKind.Array:
                if (schema.TryGetProperty("items", out var items))
                {
                    foreach (var item in value.EnumerateArray())
                        Validate(items, item, $"{at}[]", isClosed: true, faults);
                }

                break;
            case JsonValueKind.Object:
                ValidateMembers(schema, value, at, isClosed, faults);
                break;
        }
    }

    private bool IsValid(JsonElement schema, JsonElement value, string at)
    {
        var faults = new List<string>();
        Validate(schema, value, at, isClosed: true, faults);
        return faults.Count == 0;
    }

    private static void ValidateText(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && !IsTime(value))
            faults.Add($"{at} is {value}, not a time with a zone");
        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!))
            faults.Add($"{at} is {value}, not as {pattern}");
        if (schema.TryGetProperty("maxLength", out var most) && value.GetString()!.Length > most.GetInt32())
            faults.Add($"{at} is longer than {most}");
    }

    // RFC 3339, section 5.6: a time has a zone.
    private static bool IsTime(JsonElement value) =>
        value.TryGetDateTimeOffset(out _) && value.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified;

    private void ValidateMembers(JsonElement schema, JsonElement value, string at, bool isClosed, List<string> faults)
    {
        if (schema.TryGetProperty("required", out var required))
            faults.AddRange(
                required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}.{name} is missing")
            );
        schema.TryGetProperty("properties", out var properties);
        schema.TryGetProperty("additionalProperties", out var others);
        foreach (var member in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var known))
                Validate(known, member.Value, $"{at}.{member.Name}", isClosed: true, faults);
            else if (others.ValueKind == JsonValueKind.Object)
                Validate(others, member.Value, $"{at}.{member.Name}", isClosed: true, faults);
            else if (isClosed && properties.ValueKind == JsonValueKind.Object)
                faults.Add($"{at}.{member.Name} is not documented");
        }
    }

    private JsonElement Resolve(string reference) => reference[2..].Split('/').Aggregate(document, (element, name) => element.GetProperty(name));

    private static bool IsOf(JsonElement type, JsonElement value) =>
        type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => IsOf(one, value))
            : type.GetString() switch
            {
                "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                "number" => value.ValueKind == JsonValueKind.Number,
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "array" => value.ValueKind == JsonValueKind.Array,
                "object" => value.ValueKind == JsonValueKind.Object,
                "null" => value.ValueKind == JsonValueKind.Null,
                _ => false,
            };
}

/// <summary>A client that holds every answer against the document of the server it asks.</summary>
internal sealed class DocumentedClient : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, DocumentedAnswers> _documented = new();

    private DocumentedClient()
        : base(new TwoDoors()) { }

    public static HttpClient Of(Uri server) => new(new DocumentedClient()) { BaseAddress = server };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        if (path.StartsWith("/health", StringComparison.Ordinal) || path is "/metrics" or "/openapi/v1.json")
            return response;
        await response.Content.LoadIntoBufferAsync(cancellationToken);

        // Where the answer came from: each door has a document.
        var door = new Uri(response.RequestMessage!.RequestUri!, "/openapi/v1.json");
        if (!_documented.TryGetValue(door.Authority, out var documented))
            documented = _documented[door.Authority] = await ReadAsync(door, cancellationToken);
        var faults = documented.FaultsOf(
            request.Method.Method,
            path,
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.Contains,
            await response.Content.ReadAsStringAsync(cancellationToken)
        );
        Assert.True(faults.Count == 0, $"{request.Method} {path}: {(int)response.StatusCode}: {string.Join("; ", faults)}");
        return response;
    }

    private async Task<DocumentedAnswers> ReadAsync(Uri document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, document);
        request.Headers.TryAddWithoutValidation("X-Operator-Key", ServiceProcess.OperatorKey);
        using var response = await base.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return new DocumentedAnswers(JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).RootElement.Clone());
    }
}
