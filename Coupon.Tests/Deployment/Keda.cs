using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Coupon.Tests.Deployment;

/// <summary>
/// As much of KEDA's <c>ScaledObject</c> as the manifests use, with the names of its custom resource definition. A field that is not here is refused
/// when the manifests are read: look it up in https://keda.sh/docs/latest/reference/scaledobject-spec/ before adding it.
/// </summary>
internal sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public ScaledObjectSpec Spec { get; set; } = new();
}

internal sealed class ScaledObjectSpec
{
    [JsonPropertyName("scaleTargetRef")]
    public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();

    [JsonPropertyName("minReplicaCount")]
    public int MinReplicaCount { get; set; }

    [JsonPropertyName("maxReplicaCount")]
    public int MaxReplicaCount { get; set; }

    [JsonPropertyName("pollingInterval")]
    public int PollingInterval { get; set; }

    [JsonPropertyName("fallback")]
    public ScaleFallback Fallback { get; set; } = new();

    [JsonPropertyName("advanced")]
    public ScaleAdvanced Advanced { get; set; } = new();

    [JsonPropertyName("triggers")]
    public IList<ScaleTrigger> Triggers { get; set; } = [];
}

internal sealed class ScaleFallback
{
    [JsonPropertyName("failureThreshold")]
    public int FailureThreshold { get; set; }

    [JsonPropertyName("replicas")]
    public int Replicas { get; set; }
}

internal sealed class ScaleAdvanced
{
    [JsonPropertyName("horizontalPodAutoscalerConfig")]
    public ScaleAutoscaler HorizontalPodAutoscalerConfig { get; set; } = new();
}

internal sealed class ScaleAutoscaler
{
    [JsonPropertyName("behavior")]
    public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
}

internal sealed class ScaleTrigger
{
    [JsonPropertyName("type")]
    public string Type { get; set; } = "";

    [JsonPropertyName("metadata")]
    public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    [JsonPropertyName("authenticationRef")]
    public ScaleAuthentication? AuthenticationRef { get; set; }
}

internal sealed class ScaleAuthentication
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";
}

/// <summary>KEDA's <c>TriggerAuthentication</c>, in the same way.</summary>
internal sealed class TriggerAuthentication : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public TriggerAuthenticationSpec Spec { get; set; } = new();
}

internal sealed class TriggerAuthenticationSpec
{
    [JsonPropertyName("secretTargetRef")]
    public IList<TriggerSecret> SecretTargetRef { get; set; } = [];
}

internal sealed class TriggerSecret
{
    [JsonPropertyName("parameter")]
    public string Parameter { get; set; } = "";

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("key")]
    public string Key { get; set; } = "";
}
