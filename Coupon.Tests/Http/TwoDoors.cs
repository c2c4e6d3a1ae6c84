using System.Collections.Concurrent;
using Coupon.Sale.Deployment;

namespace Coupon.Tests.Http;

/// <summary>
/// A client of a process at both of its doors: what only operators may ask for goes to the operators' door, with the key; everything else to the
/// public one, as it was addressed.
/// </summary>
internal sealed class TwoDoors : DelegatingHandler
{
    private static readonly ConcurrentDictionary<string, Uri> _operators = new();

    public TwoDoors()
        : base(new SocketsHttpHandler()) { }

    /// <summary>Where the operators' door of the process is whose public door this is.</summary>
    public static void Know(Uri publicDoor, Uri operatorsDoor) => _operators[publicDoor.Authority] = operatorsDoor;

    /// <summary>A client of a process that is known.</summary>
    public static HttpClient Client(Uri? publicDoor = null) => new(new TwoDoors()) { BaseAddress = publicDoor };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (IsForOperators(request.Method, address.AbsolutePath) && _operators.TryGetValue(address.Authority, out var operators))
        {
            request.RequestUri = new Uri(operators, address.PathAndQuery);
            request.Headers.Host = null;
            request.Headers.TryAddWithoutValidation("X-Operator-Key", ServiceProcess.OperatorKey);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsForOperators(HttpMethod method, string path) =>
        path is "/coupons" or "/metrics" or "/health/ready"
        || path.StartsWith("/ops/", StringComparison.Ordinal)
        || method == HttpMethod.Delete
        || Array.Exists(["/restock", "/close", "/balance", "/rebuild"], end => path.EndsWith(end, StringComparison.Ordinal));
}
