using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Consumers.Pages;

namespace Coupon.Consumers.Operators;

internal static class OperatorServices
{
    /// <summary>Console and JSON API, where <c>Operators:Url</c> opens them.</summary>
    public static void AddOperators(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Operators");
        builder.Services.AddOptions<OperatorOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        if (section.Get<OperatorOptions>() is not { Url: { Length: > 0 } url } options)
            return;
        builder.ListenForOperators(url);
        builder.Services.AddOperatorAuthentication(options);
        builder.Services.AddOperationProblems();
        builder.Services.AddOpenApi(OperationsDocument.Describe);
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton<KeyGuesses>();
        builder.Services.AddSingleton<SaleRates>().AddHostedService(provider => provider.GetRequiredService<SaleRates>());
        builder.Services.AddSingleton<OverviewReader>();
        builder.Services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.AllowDuplicateProperties = false;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }

    public static void MapOperators(this WebApplication app)
    {
        if (app.Configuration["Operators:Url"] is not { Length: > 0 } url)
            return;
        app.UseOperatorPort(url);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(RefuseGuessesAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapOpenApi();
        app.MapOperations();
        app.MapConsole();
    }

    // Before anybody compares keys; the status becomes a problem or a page further out.
    private static Task RefuseGuessesAsync(HttpContext context, RequestDelegate next)
    {
        if (
            !context.Request.Headers.ContainsKey(OperatorKeyHandler.KeyHeader)
            || !context.RequestServices.GetRequiredService<KeyGuesses>().AreExhausted(context)
        )
            return next(context);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "60";
        return Task.CompletedTask;
    }
}
