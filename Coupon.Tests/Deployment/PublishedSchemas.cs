using System.Text.Json;
using Coupon.Tests.Architecture;

namespace Coupon.Tests.Deployment;

/// <summary>
/// The schemas that Kubernetes and KEDA publish, as the npm packages <c>kubernetes-models</c> and <c>@kubernetes-models/keda</c> have them: which
/// fields are required, of which type, with which values. They let fields pass that nobody knows; the typed models of <see cref="Manifests"/> refuse
/// those.
/// </summary>
internal static class PublishedSchemas
{
    // Where infra/install-servers puts the packages.
    private static readonly string _packages = Path.Combine(Sources.Root, "artifacts", "deployment-schemas");
    private static readonly string _check = Path.Combine(Sources.Root, "Coupon.Tests", "Deployment", "Schemas", "check.mjs");

    /// <summary>Why there are no schemas on this machine; null: there are.</summary>
    public static string? Missing =>
        !ProgramRun.IsInstalled("node") || !Directory.Exists(Path.Combine(_packages, "node_modules", "kubernetes-models"))
            ? "The schemas of Kubernetes and KEDA are not here: infra/install-servers --for-tests fetches them where node and npm are installed."
            : null;

    /// <summary>What is wrong with these manifests, as sentences.</summary>
    public static async Task<IReadOnlyList<string>> FaultsOfAsync(string yaml)
    {
        var run = await ProgramRun.OfAsync("node", Manifests.ToJson(yaml), _check, _packages);
        Assert.True(run.ExitCode == 0, run.Errors);
        return JsonSerializer.Deserialize<List<string>>(run.Output)!;
    }
}
