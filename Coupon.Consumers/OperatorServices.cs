using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;
using Coupon.Consumers.Pages;
using Coupon.Hosting.Health;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;

namespace Coupon.Consumers;

/// <summary>Console and JSON API, at the operators' door.</summary>
internal static class OperatorServices
{
    private const int DefaultPort = 8091;

    public static void AddOperators(this WebApplicationBuilder builder)
    {
        builder.AddOperatorsDoor(DefaultPort);
        builder
            .Services.AddTrustedProxies()
            .AddConsoleSession()
            .AddSingleton<OperationStart>()
            .AddSingleton<BackgroundOperations>()
            .AddOpenApi(OperationsDocument.Describe)
            .AddOverview()
            .ConfigureHttpJsonOptions(json => BodyJson.Configure(json.SerializerOptions))
            .AddRazorComponents();
    }

    public static void MapOperators(this WebApplication app)
    {
        app.UseOperatorHeaders();
        app.UseOperationProblems();
        app.UseConsoleProblems();
        app.UseEdge(onlyJson: false);
        app.UseDoors();
        app.UseAntiforgery();
        app.MapPublicDoor().MapHealth();
        var operators = app.MapOperatorsDoor();
        operators.MapHealthDetails();
        operators.MapPrometheusScrapingEndpoint();
        operators.MapDocument();
        operators.MapOperations();
        app.MapConsole();
    }
}
