using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Coupon.Hosting.Operators;

/// <summary>
/// Lets a request see the endpoints of the door where it came in. What stands at the other door does not exist here, whatever the method.
/// </summary>
internal sealed class DoorPolicy(DoorOfRequest door) : MatcherPolicy, INodeBuilderPolicy
{
    // Before the framework's choice by method (-1000, HttpMethodMatcherPolicy), which answers 405 where a path exists with another method: that
    // would tell at one door what stands at the other.
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<Door>() is not null);

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
        [
            .. from isForOperators in (bool[])[false, true]
            let own = endpoints
                .Where(endpoint => (endpoint.Metadata.GetMetadata<Door>()?.IsForOperators ?? isForOperators) == isForOperators)
                .ToList()
            where own.Count > 0
            select new PolicyNodeEdge(isForOperators, own),
        ];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return new DoorTable(door, Destination(isForOperators: false), Destination(isForOperators: true));

        int Destination(bool isForOperators)
        {
            foreach (var edge in edges)
            {
                if ((bool)edge.State == isForOperators)
                    return edge.Destination;
            }

            return exitDestination;
        }
    }

    private sealed class DoorTable(DoorOfRequest door, int atPublic, int atOperators) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext)
        {
            return door.IsOperators(httpContext) ? atOperators : atPublic;
        }
    }
}
