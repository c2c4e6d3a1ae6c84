using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Problems;

internal static class ProblemEndpoints
{
    /// <summary>Where the type of a problem leads.</summary>
    public static void MapProblems(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/problems/{code}", Explain)
            .WithName("explainProblem")
            .WithTags("Problems")
            .WithSummary("What a problem code means")
            .Refuses(ProblemKinds.NotFound);

    private static Results<Ok<ProblemKind>, Refusal> Explain(string code) =>
        ProblemKinds.ByCode.TryGetValue(code, out var kind) ? TypedResults.Ok(kind) : new Refusal(ProblemKinds.NotFound);
}
