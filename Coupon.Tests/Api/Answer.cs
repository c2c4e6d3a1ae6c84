using System.Text.Json;

namespace Coupon.Tests.Api;

/// <summary>An answer, read to the end.</summary>
public sealed record Answer(int Status, string Body, string? Location, TimeSpan? RetryAfter, string? ContentType)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement.Clone();

    /// <summary>The stable code of a problem; null where it is none.</summary>
    public string? Code => ContentType == "application/problem+json" ? Json.GetProperty("code").GetString() : null;

    public string? Text(string member) => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public long Number(string member) => Json.GetProperty(member).GetInt64();

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Location?.ToString(),
            response.Headers.RetryAfter?.Delta,
            response.Content.Headers.ContentType?.MediaType
        );
    }
}
