using System.Globalization;

namespace Coupon.Consumers.Operators;

/// <summary>Console and JSON API exist on their own port only; on the port of health and metrics they are not found.</summary>
internal static class OperatorPort
{
    private static readonly string[] _paths = ["/ops", "/console", "/openapi"];

    /// <summary>Listens on the operators' address beside those that the process listens on anyway.</summary>
    public static void ListenForOperators(this WebApplicationBuilder builder, string url)
    {
        var own = builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? PortsOf(builder.Configuration["HTTP_PORTS"]) ?? "http://localhost:5000";
        builder.WebHost.UseUrls([.. own.Split(';'), url]);
    }

    public static void UseOperatorPort(this IApplicationBuilder app, string url)
    {
        var port = new Uri(url).Port;
        app.Use(
            (context, next) =>
            {
                if (
                    context.Connection.LocalPort == port
                    || !_paths.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
                )
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        );
    }

    // What the container images of .NET set.
    private static string? PortsOf(string? ports) =>
        string.IsNullOrEmpty(ports)
            ? null
            : string.Join(';', ports.Split(';').Select(port => string.Create(CultureInfo.InvariantCulture, $"http://*:{port}")));
}
