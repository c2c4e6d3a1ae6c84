using System.Text.Json;
using Coupon.Tests.Architecture;

namespace Coupon.Tests.Deployment;

/// <summary>Kustomize as kubectl has it: what <c>kubectl apply -k</c> would send.</summary>
internal static class Kustomize
{
    // The first with a Kustomize 5. Those before 1.21 have 2.0.3, which knows neither components nor a list of patches.
    private static readonly Version _leastVersion = new(1, 27);

    private static readonly Lazy<Task<string?>> _missing = new(FindMissingAsync);

    /// <summary>The folder that the kustomizations are in.</summary>
    public static string Folder { get; } = Path.Combine(Sources.Root, "infra", "deployment", "kubernetes");

    /// <summary>Why nothing can be built on this machine; null: it can.</summary>
    public static Task<string?> Missing => _missing.Value;

    /// <summary>Builds a kustomization.</summary>
    /// <param name="kustomization">Its folder, below <see cref="Folder"/>.</param>
    /// <returns>The manifests, as YAML.</returns>
    public static async Task<string> BuildAsync(string kustomization)
    {
        var run = await ProgramRun.OfAsync("kubectl", input: "", "kustomize", Path.Combine(Folder, kustomization));
        Assert.True(run is { ExitCode: 0, Errors: "" }, $"kubectl kustomize {kustomization}: {run.Errors}");
        return run.Output;
    }

    private static async Task<string?> FindMissingAsync()
    {
        if (!ProgramRun.IsInstalled("kubectl"))
            return "There is no kubectl, which builds the manifests: on Debian 13, apt-get install kubernetes-client.";
        var run = await ProgramRun.OfAsync("kubectl", input: "", "version", "--client", "--output=json");
        var version = JsonDocument.Parse(run.Output).RootElement.GetProperty("clientVersion").GetProperty("gitVersion").GetString()!;
        return Version.Parse(version.TrimStart('v').Split('-', '+')[0]) >= _leastVersion
            ? null
            : $"The kubectl of this machine is {version}, and its Kustomize too old to build the manifests: {_leastVersion} or later does.";
    }
}
