using System.Globalization;
using System.Text.Json;
using Coupon.Api.Http;

namespace Coupon.Api.Problems;

/// <summary>
/// A result that says no: problem details, and Retry-After where trying again makes sense. Serialized once, so a constant one costs nothing.
/// </summary>
public sealed class Refusal : IResult, IStatusCodeHttpResult
{
    // Long enough for a fence or a broker to come back, short enough for a sale.
    private const int RetryAfterSeconds = 1;

    private static readonly string _retryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
    private readonly byte[] _body;

    /// <summary>Refuses with a problem.</summary>
    public Refusal(Problem problem)
    {
        Problem = problem ?? throw new ArgumentNullException(nameof(problem));
        _body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.Problem);
    }

    /// <summary>Refuses with a problem that carries nothing but its kind and a detail.</summary>
    public Refusal(ProblemKind kind, string? detail = null)
        : this(Problem.Of(kind, detail)) { }

    /// <summary>What is said.</summary>
    public Problem Problem { get; }

    /// <inheritdoc />
    public int? StatusCode => Problem.Status;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (Problem.Status == StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.RetryAfter = _retryAfter;
        return JsonResponse.WriteAsync(httpContext.Response, Problem.Status, "application/problem+json", _body);
    }
}
