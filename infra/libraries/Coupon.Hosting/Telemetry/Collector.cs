using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Coupon.Hosting.Telemetry;

/// <summary>Where traces go to, as the environment says.</summary>
internal static class Collector
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether there is one.</summary>
    /// <exception cref="OptionsValidationException">
    /// Its address has no scheme. The exporter would report that to nobody and send nothing: <c>collector:4317</c> is a valid URI of the scheme
    /// <c>collector</c>.
    /// </exception>
    public static bool IsConfigured(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } address)
            return false;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? true
            : throw new OptionsValidationException(
                Endpoint,
                typeof(Collector),
                [$"{Endpoint} must be an address with http:// or https:// in front, such as http://collector:4317; it is '{address}'."]
            );
    }
}
