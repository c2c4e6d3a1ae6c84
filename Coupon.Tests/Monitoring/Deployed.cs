using System.Text.Json;
using Coupon.Tests.Servers;
using YamlDotNet.RepresentationModel;

namespace Coupon.Tests.Monitoring;

/// <summary>The files of infra/deployment/monitoring: what alerts and dashboards ask for.</summary>
internal static class Deployed
{
    /// <summary>The file of the alerts.</summary>
    public static string AlertsFile { get; } = PathOf("alerts.yaml");

    /// <summary>The names and expressions of the alerts, with the page that says what to do.</summary>
    public static IReadOnlyList<(string Name, string Expression, string Runbook)> Alerts { get; } =
    [
        .. from @group in Yaml(AlertsFile).Children("groups")
        from rule in @group.Children("rules")
        select (rule.Text("alert"), rule.Text("expr"), rule.At("annotations").Text("runbook_url")),
    ];

    /// <summary>The dashboard.</summary>
    public static JsonElement Dashboard { get; } =
        JsonDocument.Parse(File.ReadAllText(PathOf(Path.Combine("grafana", "dashboards", "flash-sale.json")))).RootElement;

    /// <summary>The panels of the dashboard that ask for something, with their expressions.</summary>
    public static IReadOnlyList<(string Title, string Expression)> Panels { get; } =
    [
        .. from panel in Dashboard.GetProperty("panels").EnumerateArray()
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!),
    ];

    /// <summary>An expression as Grafana sends it where all coupons are chosen.</summary>
    public static string OfAllCoupons(string expression) => expression.Replace("$coupon", ".*", StringComparison.Ordinal);

    private static string PathOf(string file) => Path.Combine(Snapshot.SourceFolder, "infra", "deployment", "monitoring", file);

    private static YamlNode Yaml(string file)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(file);
        stream.Load(reader);
        return stream.Documents[0].RootNode;
    }

    private static YamlNode At(this YamlNode node, string name) => ((YamlMappingNode)node).Children[new YamlScalarNode(name)];

    private static IEnumerable<YamlNode> Children(this YamlNode node, string name) => (YamlSequenceNode)node.At(name);

    private static string Text(this YamlNode node, string name) => ((YamlScalarNode)node.At(name)).Value!;
}
