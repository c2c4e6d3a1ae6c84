using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Coupon.Api.Problems;

namespace Coupon.Api.Http;

/// <summary>A JSON body that was read, or why it could not be: exactly one of the two is there.</summary>
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
/// Reads a JSON body strictly. The framework's own binding answers bad input with an empty 400; here the client is told what and where, and the
/// size is bounded whatever the server's limits are.
/// </summary>
internal static class RequestBody
{
    /// <summary>No request of this service needs more, by far.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>
    /// Above this the server closes the connection while the client still sends, so the client may see a broken pipe instead of the answer. Below it
    /// the rest of
    /// a body that is too large is read and thrown away, and the client is told what was wrong.
    /// </summary>
    public const int MaxDrainedBytes = 1024 * 1024;

    private static readonly Refusal _tooLarge = new(ProblemKinds.BodyTooLarge);
    private static readonly Refusal _notJson = new(ProblemKinds.UnsupportedMediaType);
    private static readonly Refusal _nothing = new(ProblemKinds.InvalidJson, "The body is empty or null.");

    public static async ValueTask<RequestBody<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> shape)
        where T : class
    {
        if (!request.HasJsonContentType())
            return new RequestBody<T>(null, _notJson);
        if (request.ContentLength > MaxBytes)
            return new RequestBody<T>(null, _tooLarge);

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
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
        catch (JsonException exception)
        {
            // The exception's own message names .NET types, which are nobody's business.
            var at = exception.Path is null or "$" ? "" : $" at {exception.Path}";
            var position = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}";
            return new RequestBody<T>(null, new Refusal(ProblemKinds.InvalidJson, $"The body is not of the expected shape{at} ({position})."));
        }
    }
}
