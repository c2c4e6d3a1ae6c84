using k8s.Models;

namespace Coupon.Tests.Deployment;

/// <summary>A Deployment or a Job, as far as its pods go.</summary>
/// <param name="Name">Of the owner.</param>
/// <param name="Template">Of its pods.</param>
internal sealed record PodOwner(string Name, V1PodTemplateSpec Template)
{
    public V1PodSpec Spec => Template.Spec;

    /// <summary>The only container.</summary>
    public V1Container Container => Assert.Single(Spec.Containers);

    /// <summary>Which of the programs runs in it.</summary>
    public ProgramOfPod Program =>
        (Container.Image.Split('/', ':') is var parts && parts.Contains("api"), Container.Args) switch
        {
            (true, null) => ProgramOfPod.Api,
            (false, null) => ProgramOfPod.Consumer,
            (false, ["migrate"]) => ProgramOfPod.Migration,
            _ => throw new InvalidOperationException($"{Name} runs {Container.Image} {string.Join(' ', Container.Args ?? [])}."),
        };

    /// <summary>Whether a selector selects the pods.</summary>
    public bool IsSelectedBy(V1LabelSelector selector) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => Template.Metadata.Labels.Contains(label))
        && (selector.MatchExpressions ?? []).All(expression =>
            expression.OperatorProperty == "In"
            && Template.Metadata.Labels.TryGetValue(expression.Key, out var value)
            && expression.Values.Contains(value)
        );

    /// <summary>The number of a port that has a name.</summary>
    public int Port(string name) => Container.Ports.Single(port => port.Name == name).ContainerPort;
}

internal enum ProgramOfPod
{
    Api,
    Consumer,
    Migration,
}
