using System.Globalization;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Coupon.Hosting.Operators;

/// <summary>
/// The two doors of a program: the public one on its own addresses, and the operators' one on the address that <see cref="OperatorOptions"/> names.
/// Each endpoint belongs to one of them, by the group that it is mapped to; at the other it does not exist.
/// </summary>
public static class Doors
{
    /// <summary>
    /// Registers the operators' door: its options, its address, who may pass, and the audit of what they do. Without a key and tokens it stays
    /// closed. Register MySQL too.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="defaultPort">The port on the loopback address, where the options name no address.</param>
    public static void AddOperatorsDoor(this WebApplicationBuilder builder, int defaultPort)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Configuration.GetSection(OperatorOptions.Section).Get<OperatorOptions>() ?? new OperatorOptions();
        options.UseDefaultPort(defaultPort);
        builder.Services.AddValidated<OperatorOptions>(OperatorOptions.Section).PostConfigure(own => own.UseDefaultPort(defaultPort));
        builder.Services.AddActionRecords().AddSingleton<DoorOfRequest>().AddSingleton<KeyGuesses>().AddOperatorAuthentication(options);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, DoorPolicy>());
        if (options.Address is not { } address)
            return;
        var own = builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? PortsOf(builder.Configuration["HTTP_PORTS"]) ?? "http://localhost:5000";
        builder.WebHost.UseUrls([.. own.Split(';'), address.ToString()]);
    }

    /// <summary>
    /// Has requests at the operators' door say who they are, and records what they change. To be called after routing, where <see cref="DoorPolicy"/>
    /// keeps requests to the endpoints of their door. The public door does not pay for the authentication of operators: the framework would put it
    /// in front of every request.
    /// </summary>
    public static void UseDoors(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseWhen(app.Services.GetRequiredService<DoorOfRequest>().IsOperators, operators =>
        {
            operators.UseAuthentication();
            operators.UseAuthorization();
            operators.UseActionRecords();
        });

        // By these keys the framework knows that both are in the pipeline already (WebApplicationBuilder.ConfigureApplication in its source).
        var properties = ((IApplicationBuilder)app).Properties;
        properties["__AuthenticationMiddlewareSet"] = true;
        properties["__AuthorizationMiddlewareSet"] = true;
    }

    /// <summary>Endpoints for everybody, at the program's own addresses only.</summary>
    public static RouteGroupBuilder MapPublicDoor(this IEndpointRouteBuilder routes) => routes.MapGroup("").WithMetadata(Door.Public);

    /// <summary>Endpoints for operators, at the operators' address only; each asks for a key or a token unless it says otherwise.</summary>
    public static RouteGroupBuilder MapOperatorsDoor(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("").WithMetadata(Door.Operators).RequireAuthorization(OperatorAuthentication.Policy);

    // HTTP_PORTS is set by the container images of .NET: https://learn.microsoft.com/dotnet/core/compatibility/containers/8.0/aspnet-port
    private static string? PortsOf(string? ports) =>
        string.IsNullOrEmpty(ports)
            ? null
            : string.Join(';', ports.Split(';').Select(port => string.Create(CultureInfo.InvariantCulture, $"http://*:{port}")));
}
