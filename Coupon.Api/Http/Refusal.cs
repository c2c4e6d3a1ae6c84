using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Hosting.Audit;

namespace Coupon.Api.Http;

/// <summary>
/// A result that refuses: problem details, and Retry-After with 503. It is serialized once, so a shared instance costs nothing.
/// </summary>
public sealed class Refusal : IResult, IStatusCodeHttpResult
{
    // Long enough for a verification or a broker to come back, short enough for a sale.
    private const int RetryAfterSeconds = 1;

    private static readonly string _shortly = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
    private readonly byte[] _body;
    private readonly string? _retryAfter;

    /// <summary>Refuses with a problem.</summary>
    public Refusal(Problem problem)
    {
        Problem = problem ?? throw new ArgumentNullException(nameof(problem));
        _body = JsonSerializer.SerializeToUtf8Bytes(problem, ProblemJson.Default.Problem);
        _retryAfter = problem.Status == StatusCodes.Status503ServiceUnavailable ? _shortly : null;
    }

    /// <summary>Refuses with a problem that has only its kind and a detail.</summary>
    public Refusal(ProblemKind kind, string? detail = null)
        : this(Problem.Of(kind, detail)) { }

    /// <summary>Refuses until some time has passed.</summary>
    public Refusal(ProblemKind kind, TimeSpan retryAfter)
        : this(Problem.Of(kind)) => _retryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <inheritdoc />
    public int? StatusCode => Problem.Status;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        RequestActions.Of(httpContext)?.Note = Problem.Code;
        if (_retryAfter is not null)
            httpContext.Response.Headers.RetryAfter = _retryAfter;
        return JsonResponse.WriteAsync(httpContext.Response, Problem.Status, "application/problem+json", _body);
    }
}

/// <summary>The bodies of refusals and of their explanations.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKind))]
[JsonSerializable(typeof(ProblemList))]
internal sealed partial class ProblemJson : JsonSerializerContext;
