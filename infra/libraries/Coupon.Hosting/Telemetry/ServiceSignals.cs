namespace Coupon.Hosting.Telemetry;

/// <summary>
/// What a program shows of itself in metrics and traces, beside what the runtime and ASP.NET Core's hosting show.
/// </summary>
public sealed record ServiceSignals
{
    /// <summary>What it is called (<c>service.name</c>): <c>coupon-api</c>. The environment's <c>OTEL_SERVICE_NAME</c> takes its place.</summary>
    public required string Name { get; init; }

    /// <summary>Meters of this host whose instruments have at most 200 combinations of labels. Default: none.</summary>
    public IReadOnlyList<string> FewLabels { get; init; } = [];

    /// <summary>Meters of this host whose instruments may have more, such as one label value for each coupon. Default: none.</summary>
    public IReadOnlyList<string> ManyLabels { get; init; } = [];

    /// <summary>Meters of the process, which belong to libraries: one of each, whatever hosts there are. Default: none.</summary>
    public IReadOnlyList<string> OfLibraries { get; init; } = [];

    /// <summary>
    /// Whether the instruments of the Kafka rider are shown. The bus's own never are: they count and time every single message, which costs more than
    /// writing it. Default: false.
    /// </summary>
    public bool KafkaRider { get; init; }

    /// <summary>Activity sources of this program, beside that of the bus. Default: none.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];

    /// <summary>Topics whose batches are not traced, such as that of a warm-up. Default: none.</summary>
    public IReadOnlyList<string> UntracedTopics { get; init; } = [];
}
