using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Coupon.Tests.Deployment;

/// <summary>The manifests that a kustomization builds.</summary>
internal sealed class Manifests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Manifests>>> _built = new();

    private static readonly Dictionary<string, Type> _kinds = new()
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
    };

    private readonly List<IKubernetesObject<V1ObjectMeta>> _objects;

    private Manifests(string yaml, List<IKubernetesObject<V1ObjectMeta>> objects) => (Yaml, _objects) = (yaml, objects);

    /// <summary>As Kustomize has written them.</summary>
    public string Yaml { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects => _objects;

    /// <summary>The templates of all pods.</summary>
    public IEnumerable<PodOwner> Pods =>
        All<V1Deployment>()
            .Select(deployment => new PodOwner(deployment.Metadata.Name, deployment.Spec.Template))
            .Concat(All<V1Job>().Select(job => new PodOwner(job.Metadata.Name, job.Spec.Template)));

    /// <summary>Builds a kustomization, once for all tests, or skips the test where this machine cannot.</summary>
    public static async Task<Manifests> OfAsync(string kustomization)
    {
        var missing = await Kustomize.Missing;
        Assert.SkipWhen(missing is not null, missing ?? "");
        return await _built.GetOrAdd(kustomization, name => new(async () => Read(await Kustomize.BuildAsync(name)))).Value;
    }

    /// <summary>
    /// Reads manifests into the models of the official client, which are generated from the schemas of Kubernetes. A field that a kind does not
    /// have, a kind that is not there, a value of another type and a key that is there twice are refused.
    /// </summary>
    public static Manifests Read(string yaml) =>
        new(yaml, [.. KubernetesYaml.LoadAllFromString(yaml, _kinds, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);

    /// <summary>An array of the same manifests. What is not quoted and looks like a number or a truth value is one, as for Kubernetes.</summary>
    public static string ToJson(string yaml)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        List<object?> all = [];
        while (parser.Accept<DocumentStart>(out _))
            all.Add(reader.Deserialize(parser));
        return writer.Serialize(all);
    }

    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    public T One<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(each => each.Metadata.Name == name);

    /// <summary>
    /// The environment of a container: what its ConfigMaps say, and in place of what a Secret would say, <paramref name="secret"/> of the name of the
    /// variable.
    /// </summary>
    public Dictionary<string, string> EnvironmentOf(V1Container container, Func<string, string> secret)
    {
        var environment = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (name, value) in One<V1ConfigMap>(source.ConfigMapRef.Name).Data)
                environment[name] = value;
        }

        foreach (var variable in container.Env ?? [])
            environment[variable.Name] = variable.Value ?? secret(variable.Name);
        return environment;
    }
}
