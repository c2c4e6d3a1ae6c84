using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Connections;

namespace Coupon.Api.Http;

/// <summary>A JSON body, or the refusal of one that cannot be read: exactly one of the two is not null.</summary>
internal readonly struct RequestBody<T>(T? value, Refusal? refusal)
    where T : class
{
    public bool TryGet([NotNullWhen(true)] out T? body, [NotNullWhen(false)] out Refusal? why)
    {
        (body, why) = (value, refusal);
        return value is not null;
    }
}

/// <summary>
/// Reads a JSON body strictly. The framework's own binding answers bad input with an empty 400; this tells the client the fault and its position. The
/// size is bounded whatever the server's limits are.
/// </summary>
internal static class RequestBody
{
    /// <summary>The largest body; no request of this service needs nearly as much.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>
    /// Up to here the rest of a body that is too large is read and thrown away, so the client gets the answer. Above it, the server closes the
    /// connection while the client still sends, and the client may see a broken pipe instead.
    /// </summary>
    public const int MaxDrainedBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions _strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    private static readonly Refusal _tooLarge = new(ProblemKinds.BodyTooLarge);
    private static readonly Refusal _notJson = new(ProblemKinds.UnsupportedMediaType);
    private static readonly Refusal _broken = new(ProblemKinds.BadRequest, "The body broke off, or its framing is not that of HTTP.");
    private static readonly Refusal _nothing = new(ProblemKinds.InvalidJson, "The body is empty or null.");

    /// <summary>
    /// The strict shape of a body: a number in quotes, an unknown member or a member twice is refused, since the client means something that it would
    /// not get.
    /// </summary>
    /// <param name="resolver">Knows the type.</param>
    public static JsonTypeInfo<T> Strict<T>(IJsonTypeInfoResolver resolver)
        where T : class => (JsonTypeInfo<T>)new JsonSerializerOptions(_strict) { TypeInfoResolver = resolver }.GetTypeInfo(typeof(T));

    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="shape">See <see cref="Strict{T}"/>.</param>
    public static async ValueTask<RequestBody<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> shape)
        where T : class
    {
        // Any other media type was refused before the endpoints.
        if (request.ContentType is null)
            return new RequestBody<T>(null, _notJson);
        if (request.ContentLength > MaxBytes)
            return new RequestBody<T>(null, _tooLarge);

        try
        {
            return await ReadAsync(request.BodyReader, shape);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new RequestBody<T>(null, _tooLarge);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // There is no client to answer, and Kestrel would try to drain the body, and log that it cannot.
            if (exception is ConnectionResetException)
                request.HttpContext.Abort();

            // Kestrel throws an IOException of its own for some framing (a size of a chunk that no number holds), and where the client has reset.
            Log.BodyBroken(request.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Coupon.Api"), exception.Message);
            return new RequestBody<T>(null, _broken);
        }
    }

    // Without a token: the reader of a connection that broke throws.
    private static async ValueTask<RequestBody<T>> ReadAsync<T>(PipeReader reader, JsonTypeInfo<T> shape)
        where T : class
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > MaxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new RequestBody<T>(null, _tooLarge);
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var body = Parse(read.Buffer, shape);
            reader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    private static RequestBody<T> Parse<T>(in ReadOnlySequence<byte> bytes, JsonTypeInfo<T> shape)
        where T : class
    {
        if (bytes.IsEmpty)
            return new RequestBody<T>(null, _nothing);
        try
        {
            var value = bytes.IsSingleSegment
                ? JsonSerializer.Deserialize(bytes.FirstSpan, shape)
                : JsonSerializer.Deserialize(bytes.ToArray(), shape);
            return new RequestBody<T>(value, value is null ? _nothing : null);
        }
        catch (RefusedValueException exception)
        {
            return new RequestBody<T>(
                null,
                RequestFaults.Refuse((exception.Path ?? "").Replace("$.", "", StringComparison.Ordinal), exception.Message)
            );
        }
        catch (JsonException exception)
        {
            // The message of the exception names .NET types, which clients must not depend on.
            var at = exception.Path is null or "$" ? "" : $" at {exception.Path}";
            var position = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}";
            return new RequestBody<T>(null, new Refusal(ProblemKinds.InvalidJson, $"The body is not of the expected shape{at} ({position})."));
        }
    }
}
