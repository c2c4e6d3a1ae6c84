using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;
using Coupon.Hosting.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Pages;

/// <summary>The pages of the replays and discards that run in the background.</summary>
internal static class OperationPages
{
    public static void MapOperationPages(this IEndpointRouteBuilder console)
    {
        var operations = console.MapGroup("/operations");
        operations.MapGet("", ListAsync);
        operations.MapGet("/{operation}", ShowAsync);
        operations.MapPost("/{operation}/stop", StopAsync).Audited("stop");
    }

    /// <summary>The page of an operation.</summary>
    public static string Of(string operation) => $"/console/operations/{operation}";

    private static async Task<RazorComponentResult<OperationListPage>> ListAsync(
        ClaimsPrincipal user,
        BackgroundOperations background,
        CancellationToken cancellationToken
    ) => ConsoleEndpoints.Page<OperationListPage>(new() { ["Operations"] = await background.ListAsync(cancellationToken) }, user);

    private static async Task<IResult> ShowAsync(
        string operation,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterOperations operations,
        CancellationToken cancellationToken
    ) =>
        await operations.FindAsync(operation, cancellationToken) is { } row
            ? ConsoleEndpoints.Page<OperationPage>(
                new() { ["Operation"] = row, ["Nonce"] = row.EndedAt is null ? LiveScript.Permit(http) : null },
                user
            )
            : ConsoleProblems.NotFound(http, "There is no such operation.");

    private static async Task<IResult> StopAsync(
        string operation,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        BackgroundOperations background,
        CancellationToken cancellationToken
    ) =>
        // Where it has ended meanwhile, its page says so.
        await background.StopAsync(operation, user, cancellationToken) is null
            ? ConsoleProblems.NotFound(http, "There is no such operation.")
            : ConsoleEndpoints.SeeOther(Of(operation));
}
