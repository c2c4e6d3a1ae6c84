using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Coupon.Hosting.Telemetry;

/// <summary>
/// <c>coupon_build_info</c>: which version runs, on which runtime. Always 1; the labels say it. It belongs to the process, as the version does.
/// </summary>
internal static class BuildInfo
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Coupon.Hosting";

    private static readonly Meter _meter = new(MeterName);
    private static readonly Measurement<int> _measurement = new(
        1,
        new KeyValuePair<string, object?>("version", ServiceIdentity.Version),
        new KeyValuePair<string, object?>("runtime", RuntimeInformation.FrameworkDescription)
    );

    static BuildInfo() => _meter.CreateObservableGauge("coupon.build.info", () => _measurement, null, "The version that runs; always 1.");

    /// <summary>Makes the instrument, with the first call.</summary>
    public static void Show() { }
}
