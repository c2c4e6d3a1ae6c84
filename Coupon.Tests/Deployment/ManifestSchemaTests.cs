using YamlDotNet.Core;

namespace Coupon.Tests.Deployment;

/// <summary>
/// The manifests as the API server of Kubernetes would read them: nothing unknown, nothing required missing, every value of its type.
/// </summary>
public sealed class ManifestSchemaTests
{
    private const string Whole = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: api
        spec:
          selector:
            matchLabels: {app: api}
          template:
            metadata:
              labels: {app: api}
            spec:
              containers:
                - name: api
                  image: coupon/api
                  imagePullPolicy: Always
                  env:
                    - {name: Limits__Lists, value: "16"}
        """;

    private const string WholeScaler = """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata:
          name: consumers
        spec:
          scaleTargetRef: {name: consumers}
          maxReplicaCount: 12
          triggers:
            - type: kafka
              metadata: {lagThreshold: "5"}
        """;

    public static TheoryData<string> All => Kustomizations.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Manifests_are_read_strictly(string kustomization) => Assert.NotEmpty((await Manifests.OfAsync(kustomization)).Objects);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Manifests_are_what_the_published_schemas_ask_for(string kustomization)
    {
        Assert.SkipWhen(PublishedSchemas.Missing is not null, PublishedSchemas.Missing ?? "");

        Assert.Empty(await PublishedSchemas.FaultsOfAsync((await Manifests.OfAsync(kustomization)).Yaml));
    }

    [Theory]
    [InlineData(Whole, "imagePullPolicy: Always", "imagePullPolice: Always")]
    [InlineData(Whole, "matchLabels: {app: api}", "matchLabels: {app: api}\n    matchLabels: {app: api}")]
    [InlineData(Whole, "apps/v1", "apps/v1beta3")]
    [InlineData(WholeScaler, "maxReplicaCount: 12", "maxReplicas: 12")]
    [InlineData(WholeScaler, "maxReplicaCount: 12", "maxReplicaCount: many")]
    public void A_strict_reading_refuses_a_broken_manifest(string whole, string right, string wrong)
    {
        Assert.Single(Manifests.Read(whole).Objects);

        Assert.Throws(wrong == "apps/v1beta3" ? typeof(KeyNotFoundException) : typeof(YamlException), () =>
            Manifests.Read(Broken(whole, right, wrong))
        );
    }

    [Theory]
    [InlineData(Whole, "selector:\n    matchLabels: {app: api}", "replicas: 2", "selector")]
    [InlineData(Whole, "name: api\n          image", "image", "name")]
    [InlineData(Whole, "\"16\"", "16", "string")]
    [InlineData(Whole, "Always", "Sometimes", "IfNotPresent")]
    [InlineData(Whole, "apps/v1", "apps/v3", "there is no kind Deployment in apps/v3")]
    [InlineData(WholeScaler, "{name: consumers}", "{kind: Deployment}", "name")]
    [InlineData(WholeScaler, "\"5\"", "5", "string")]
    public async Task The_published_schemas_refuse_a_broken_manifest(string whole, string right, string wrong, string fault)
    {
        Assert.SkipWhen(PublishedSchemas.Missing is not null, PublishedSchemas.Missing ?? "");
        Assert.Empty(await PublishedSchemas.FaultsOfAsync(whole));

        var faults = await PublishedSchemas.FaultsOfAsync(Broken(whole, right, wrong));

        Assert.Contains(faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    private static string Broken(string whole, string right, string wrong)
    {
        Assert.Contains(right, whole, StringComparison.Ordinal);
        return whole.Replace(right, wrong, StringComparison.Ordinal);
    }
}
