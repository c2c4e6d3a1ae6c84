namespace Coupon.Hosting.Telemetry;

/// <summary>The meters that a program shows, beside those of the runtime and of ASP.NET Core's hosting.</summary>
public sealed record ServiceMeters
{
    /// <summary>Meters of this host whose instruments have at most 200 combinations of labels. Default: none.</summary>
    public IReadOnlyList<string> FewLabels { get; init; } = [];

    /// <summary>Meters of this host whose instruments may have more, such as one label value for each coupon. Default: none.</summary>
    public IReadOnlyList<string> ManyLabels { get; init; } = [];

    /// <summary>
    /// Whether the instruments of the Kafka rider are shown. The bus's own never are: they count and time every single message, which costs more than
    /// writing it. Default: false.
    /// </summary>
    public bool KafkaRider { get; init; }
}
