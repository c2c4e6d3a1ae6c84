using System.Text.Json.Serialization;
using Coupon.Hosting.Http;

namespace Coupon.Api.Http;

internal static class HttpServices
{
    /// <summary>Adds the web server's settings, JSON, and what is refused before the endpoints.</summary>
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxDrainedBytes;
        });

        // A request is handled on the thread that read it, without two more hops. That is unsafe only with handlers that block, and none here does
        // (SocketTransportOptions.UnsafePreferInlineScheduling in the API reference of ASP.NET Core).
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ProblemJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        builder.AddEdge();
        builder.Services.AddOrigins();
    }
}
