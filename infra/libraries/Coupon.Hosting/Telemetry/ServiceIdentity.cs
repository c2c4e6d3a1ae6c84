using System.Reflection;
using OpenTelemetry.Resources;

namespace Coupon.Hosting.Telemetry;

/// <summary>
/// Who sends traces and shows metrics: <c>service.name</c>, <c>service.version</c>, <c>service.instance.id</c>
/// (https://opentelemetry.io/docs/specs/semconv/resource/service/). What <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> say counts
/// more.
/// </summary>
internal static class ServiceIdentity
{
    /// <summary>All parts are built together and have one version.</summary>
    public static string Version { get; } =
        typeof(ServiceIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Adds them.</summary>
    public static void Describe(ResourceBuilder resource, string name) =>
        resource
            .AddService(
                name,
                serviceVersion: Version,
                autoGenerateServiceInstanceId: false,
                serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"
            )
            .AddEnvironmentVariableDetector();
}
