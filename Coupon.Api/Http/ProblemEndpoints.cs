using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Http;

internal static class ProblemEndpoints
{
    private static readonly ProblemList _all = new([.. ProblemKinds.ByCode.Values]);

    /// <summary>Lists the problems, and explains each at the address that is its type.</summary>
    public static void MapProblems(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/problems", List).Named("listProblems").WithTags("Problems").WithSummary("Every problem code, with its meaning");
        routes
            .MapGet("/problems/{code}", Explain)
            .Named("explainProblem")
            .WithTags("Problems")
            .WithSummary("What a problem code means")
            .Refuses(ProblemKinds.NotFound);
    }

    private static Ok<ProblemList> List() => TypedResults.Ok(_all);

    private static Results<Ok<ProblemKind>, Refusal> Explain(string code) =>
        ProblemKinds.ByCode.TryGetValue(code, out var kind) ? TypedResults.Ok(kind) : new Refusal(ProblemKinds.NotFound);
}
