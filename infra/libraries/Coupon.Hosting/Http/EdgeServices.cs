using Coupon.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace Coupon.Hosting.Http;

/// <summary>
/// The refusals before the endpoints, and HEAD for every GET. A refusal sets the status and an <see cref="EdgeRefusal"/>; status code pages, which
/// come earlier in the pipeline, make a body of both.
/// </summary>
public static class EdgeServices
{
    private const string NotEncoded = "identity";

    // What nearly all programs send; any other spelling is parsed.
    private const string Json = "application/json";

    // The options are at the root of the configuration, where the framework's own filter of hosts expects the setting.
    private const string NoSection = "";

    /// <summary>Registers <see cref="EdgeOptions"/>.</summary>
    public static void AddEdge(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddValidated<EdgeOptions>(NoSection);

        // The framework's own filter reads the same setting, and would answer without a problem.
        builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);
    }

    /// <summary>
    /// Answers HEAD as GET (RFC 9110, section 9.1), without the body, which Kestrel leaves out by itself. To be called before everything else,
    /// since it adds routing.
    /// </summary>
    public static void UseHead(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use((context, next) => HttpMethods.IsHead(context.Request.Method) ? AnswerHeadAsync(context, next) : next(context));
        app.UseRouting();
    }

    /// <summary>Refuses before the endpoints. To be called after the status code pages.</summary>
    /// <param name="app">The program.</param>
    /// <param name="onlyJson">Whether a request that changes something may have a body of JSON only, so that no form of a page can send it.</param>
    /// <param name="mayBeForeign">Whether a request that changes something may come from a page of another site; null: none may.</param>
    public static void UseEdge(this WebApplication app, bool onlyJson = true, Func<HttpRequest, bool>? mayBeForeign = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var hosts = new AllowedHosts(app.Services.GetRequiredService<EdgeOptions>().AllowedHosts);
        app.Use((context, next) => RefusalOf(context, hosts, onlyJson, mayBeForeign) is { } refusal ? refusal.ApplyAsync(context) : next(context));
    }

    private static EdgeRefusal? RefusalOf(HttpContext context, AllowedHosts hosts, bool onlyJson, Func<HttpRequest, bool>? mayBeForeign)
    {
        var request = context.Request;
        if (!hosts.Includes(request.Host))
            return new EdgeRefusal(StatusCodes.Status421MisdirectedRequest, EdgeRefusal.UnknownHost);
        if (!PathSpelling.IsTheOne(context))
            return new EdgeRefusal(StatusCodes.Status404NotFound, EdgeRefusal.NotFound);
        if (CrossSite.IsForeign(request) && mayBeForeign?.Invoke(request) != true)
            return new EdgeRefusal(StatusCodes.Status403Forbidden, EdgeRefusal.CrossSite);
        if (request.Headers.ContentEncoding is { Count: > 0 } encodings && !string.Equals(encodings, NotEncoded, StringComparison.OrdinalIgnoreCase))
        {
            // RFC 9110, section 12.5.3: a 415 for an encoding says which ones are accepted.
            context.Response.Headers[HeaderNames.AcceptEncoding] = NotEncoded;
            return new EdgeRefusal(StatusCodes.Status415UnsupportedMediaType, EdgeRefusal.UnsupportedContentEncoding);
        }

        return onlyJson && !IsJson(context) ? new EdgeRefusal(StatusCodes.Status415UnsupportedMediaType, EdgeRefusal.UnsupportedMediaType) : null;
    }

    // A form can send three media types, and none of them is JSON. A script of another site can also send a body without one.
    private static bool IsJson(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || request.ContentType is Json || request.HasJsonContentType())
            return true;
        return request.Headers.ContentType.Count == 0 && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
    }

    private static async Task AnswerHeadAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        request.Method = HttpMethods.Get;
        HeadRequests.Note(context);
        try
        {
            await next(context);
        }
        finally
        {
            // As it was, for logs and metrics.
            request.Method = HttpMethods.Head;
        }
    }

    /// <summary>Names HEAD among the methods that are allowed, where GET is. To be called where a 405 gets its body.</summary>
    public static void AllowHead(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var allowed = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
            response.Headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head));
    }
}
