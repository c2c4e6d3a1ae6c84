using System.Globalization;
using System.Text.RegularExpressions;
using Coupon.Consumers.Migrations;
using Coupon.Contracts;
using Coupon.Hosting.Stopping;
using Coupon.Tests.Architecture;
using Coupon.Tests.Servers;
using k8s.Models;

namespace Coupon.Tests.Deployment;

/// <summary>What holds of every pod, and that what the manifests say of each other and of the programs is so.</summary>
public sealed partial class ManifestRuleTests
{
    public static TheoryData<string> All => Kustomizations.All;

    public static TheoryData<string> Services => Kustomizations.Services;

    public static TheoryData<string> Migrations => Kustomizations.Migrations;

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_pod_has_a_right_that_it_does_not_need(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        Assert.NotEmpty(manifests.Pods);
        foreach (var pod in manifests.Pods)
        {
            var (spec, container) = (pod.Spec, pod.Container);
            Assert.Equal((true, 1654, 1654), (spec.SecurityContext.RunAsNonRoot, spec.SecurityContext.RunAsUser, spec.SecurityContext.RunAsGroup));
            Assert.Equal("RuntimeDefault", spec.SecurityContext.SeccompProfile.Type);
            Assert.Equal((false, true), (container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.ReadOnlyRootFilesystem));
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Null(container.SecurityContext.Capabilities.Add);
            Assert.Null(container.SecurityContext.Privileged);
            Assert.True(spec is { HostNetwork: null, HostPID: null, HostIPC: null, InitContainers: null });
            Assert.All(spec.Volumes, volume => Assert.NotNull(volume.EmptyDir.SizeLimit));

            Assert.Equal((false, false), (spec.AutomountServiceAccountToken, spec.EnableServiceLinks));
            Assert.False(manifests.One<V1ServiceAccount>(spec.ServiceAccountName).AutomountServiceAccountToken);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_container_has_requests_and_limits(string kustomization)
    {
        foreach (var pod in (await Manifests.OfAsync(kustomization)).Pods)
        {
            var resources = pod.Container.Resources;
            foreach (var name in (string[])["cpu", "memory", "ephemeral-storage"])
                Assert.InRange(resources.Requests[name].ToDecimal(), 0.001m, resources.Limits[name].ToDecimal());
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_program_that_runs_on_is_probed_where_it_answers(string kustomization)
    {
        foreach (var deployment in (await Manifests.OfAsync(kustomization)).All<V1Deployment>())
        {
            var container = new PodOwner(deployment.Metadata.Name, deployment.Spec.Template).Container;
            Assert.Equal(
                ("/health/live", "/health/live", "/health/ready"),
                (container.StartupProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path)
            );
            Assert.All([container.StartupProbe, container.LivenessProbe, container.ReadinessProbe], probe =>
                Assert.Equal("public", probe.HttpGet.Port.Value)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task The_ports_are_those_at_which_the_programs_listen(string kustomization)
    {
        var image = int.Parse(ImagePort().Match(Read("docker", "Dockerfile")).Groups["port"].Value, CultureInfo.InvariantCulture);
        var manifests = await Manifests.OfAsync(kustomization);
        foreach (var pod in manifests.Pods)
        {
            var variables = manifests.EnvironmentOf(pod.Container, secret: _ => "");

            Assert.Equal(image, pod.Port("public"));
            Assert.Equal(variables["ASPNETCORE_HTTP_PORTS"], pod.Port("public").ToString(CultureInfo.InvariantCulture));
            Assert.Equal($"http://*:{pod.Port("operators")}", variables["Operators__Url"]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_images_are_those_that_the_compose_file_builds(string kustomization)
    {
        var built = ComposeImages().Matches(Read("compose.yaml")).Select(match => match.Groups["image"].Value).ToHashSet();
        Assert.Equal(["coupon/api", "coupon/consumers"], built.Order());
        var isOverlay = kustomization is Kustomizations.Production or Kustomizations.ProductionMigration;

        foreach (var pod in (await Manifests.OfAsync(kustomization)).Pods)
        {
            var parts = ImageParts().Match(pod.Container.Image);
            Assert.Contains(parts.Groups["name"].Value, built);

            // Without a tag it would be the latest one, which may be another for each pod.
            Assert.Equal(isOverlay, parts.Groups["tag"].Success);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_pod_is_killed_only_after_its_program_has_had_its_time_to_stop(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        foreach (var pod in manifests.Pods)
        {
            var bound = pod.Program switch
            {
                ProgramOfPod.Api => StopBounds.Api,
                ProgramOfPod.Consumer => StopBounds.Consumer,
                _ => StopBounds.Command,
            };
            var setting = manifests.EnvironmentOf(pod.Container, SecretsOfNobody.Of).GetValueOrDefault(StopBounds.Drain.Name);
            var drain = setting is null ? TimeSpan.Zero : TimeSpan.Parse(setting, CultureInfo.InvariantCulture);

            Assert.True(pod.Spec.TerminationGracePeriodSeconds > (drain + bound).TotalSeconds, pod.Name);

            // Only at the API are clients, which need longer than the default drain to hear that it leaves.
            Assert.Equal(pod.Program == ProgramOfPod.Api, drain > new StopOptions().Drain);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Everything_that_selects_pods_selects_those_of_its_name(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        var pods = manifests.Pods.ToList();
        Assert.Equal(["coupon-api", "coupon-consumers"], pods.Select(pod => pod.Name));

        foreach (var deployment in manifests.All<V1Deployment>())
        {
            AssertSelectsOnly(deployment.Metadata.Name, deployment.Spec.Selector, pods);
            Assert.Equal(2, deployment.Spec.Template.Spec.TopologySpreadConstraints.Count);
            foreach (var constraint in deployment.Spec.Template.Spec.TopologySpreadConstraints)
                AssertSelectsOnly(deployment.Metadata.Name, constraint.LabelSelector, pods);

            // An autoscaler sets it.
            Assert.Null(deployment.Spec.Replicas);
            AssertSelectsOnly(deployment.Metadata.Name, manifests.One<V1PodDisruptionBudget>(deployment.Metadata.Name).Spec.Selector, pods);
        }

        foreach (var service in manifests.All<V1Service>())
        {
            var selected = pods.Where(pod => pod.IsSelectedBy(new V1LabelSelector { MatchLabels = service.Spec.Selector }));
            Assert.StartsWith(Assert.Single(selected).Name, service.Metadata.Name, StringComparison.Ordinal);
            var port = Assert.Single(service.Spec.Ports);
            Assert.Contains(selected.Single().Container.Ports, own => own.Name == port.TargetPort.Value && own.Name == port.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_disruption_takes_one_pod_and_is_possible(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        var least = new Dictionary<string, int?>
        {
            ["coupon-api"] = manifests.One<V2HorizontalPodAutoscaler>("coupon-api").Spec.MinReplicas,
            ["coupon-consumers"] = manifests.One<ScaledObject>("coupon-consumers").Spec.MinReplicaCount,
        };
        foreach (var budget in manifests.All<V1PodDisruptionBudget>())
        {
            Assert.Equal(("1", null), (budget.Spec.MaxUnavailable.Value, budget.Spec.MinAvailable));
            Assert.True(least[budget.Metadata.Name] > 1, "The last one would be taken.");
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_autoscaler_scales_a_deployment_that_is_there(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);

        var autoscaler = Assert.Single(manifests.All<V2HorizontalPodAutoscaler>()).Spec;
        Assert.Equal(("apps/v1", "Deployment"), (autoscaler.ScaleTargetRef.ApiVersion, autoscaler.ScaleTargetRef.Kind));
        Assert.NotNull(manifests.One<V1Deployment>(autoscaler.ScaleTargetRef.Name));
        Assert.InRange(autoscaler.MinReplicas!.Value, 2, autoscaler.MaxReplicas);
        Assert.Equal("cpu", Assert.Single(autoscaler.Metrics).Resource.Name);

        var scaled = Assert.Single(manifests.All<ScaledObject>()).Spec;
        var consumers = new PodOwner(scaled.ScaleTargetRef.Name, manifests.One<V1Deployment>(scaled.ScaleTargetRef.Name).Spec.Template);
        var trigger = Assert.Single(scaled.Triggers);
        Assert.Equal("kafka", trigger.Type);
        Assert.Contains(consumers.Container.Env, variable => variable.Name == trigger.Metadata["bootstrapServersFromEnv"]);
        Assert.Equal(
            (Topics.CouponIssued, ConsumerGroups.Persistence, "earliest"),
            (trigger.Metadata["topic"], trigger.Metadata["consumerGroup"], trigger.Metadata["offsetResetPolicy"])
        );
        Assert.InRange(scaled.Fallback.Replicas, scaled.MinReplicaCount, scaled.MaxReplicaCount);

        // More than there are partitions would have nothing to do.
        var migration = await Manifests.OfAsync(kustomization == Kustomizations.Base ? Kustomizations.Migration : Kustomizations.ProductionMigration);
        Assert.Equal(Partitions(migration), scaled.MaxReplicaCount);
    }

    [Fact]
    public async Task The_autoscaler_of_the_consumer_reads_the_lag_with_the_account_and_the_protocol_of_the_consumer()
    {
        var manifests = await Manifests.OfAsync(Kustomizations.Production);
        var trigger = Assert.Single(manifests.One<ScaledObject>("coupon-consumers").Spec.Triggers);
        var account = manifests.One<TriggerAuthentication>(trigger.AuthenticationRef!.Name).Spec.SecretTargetRef;
        var container = manifests.Pods.Single(pod => pod.Program == ProgramOfPod.Consumer).Container;
        var variables = manifests.EnvironmentOf(container, secret: _ => "");

        Assert.Equal(["password", "username"], account.Select(secret => secret.Parameter).Order());
        foreach (var secret in account)
        {
            Assert.Equal($"Kafka__Client__sasl_{secret.Parameter}", secret.Key);
            Assert.Equal((secret.Name, secret.Key), SecretsOf(container).Single(own => own.Key == secret.Key));
        }

        // The scaler spells it in its own way.
        Assert.Equal(("sasl_ssl", "enable"), (variables["Kafka__Client__security_protocol"], trigger.Metadata["tls"]));
        Assert.Equal(
            variables["Kafka__Client__sasl_mechanism"].ToLowerInvariant().Replace("-sha-", "_sha", StringComparison.Ordinal),
            trigger.Metadata["sasl"]
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_secret_is_named_in_the_readme_and_required_and_none_is_in_the_repository(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        var readme = Read("kubernetes", "README.md");
        Assert.Empty(manifests.All<V1Secret>());
        foreach (var container in manifests.Pods.Select(pod => pod.Container))
        {
            foreach (var (secret, key) in SecretsOf(container))
                Assert.Matches($@"\| `{secret}` \|[^\n]*`{key}`", readme);
            foreach (var variable in container.Env)
                Assert.Equal(
                    (null, variable.Name, null),
                    (variable.Value, variable.ValueFrom.SecretKeyRef.Key, variable.ValueFrom.SecretKeyRef.Optional)
                );
        }

        foreach (var (name, value) in manifests.All<V1ConfigMap>().SelectMany(map => map.Data))
        {
            Assert.DoesNotMatch("(?i)connectionstrings|password|signingkey|key$", name);
            Assert.DoesNotMatch("(?i)password=", value);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_passes_that_no_policy_allows(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        foreach (var pod in manifests.Pods)
        {
            var policies = PoliciesOf(pod, manifests);

            // One that refuses everything first: the others only allow, so without them nothing is open either.
            Assert.Contains(policies, policy => policy.Spec is { Ingress: null, PolicyTypes: ["Ingress", "Egress"] });

            // A rule without a peer or without a port allows all of them.
            foreach (var rule in policies.SelectMany(policy => policy.Spec.Ingress ?? []))
                Assert.True(rule.FromProperty is { Count: > 0 } && rule.Ports is { Count: > 0 }, pod.Name);
            foreach (var rule in policies.SelectMany(policy => policy.Spec.Egress ?? []))
                Assert.True(rule.To is { Count: > 0 } && rule.Ports is { Count: > 0 }, pod.Name);
        }

        // A policy for pods that are not there protects nothing.
        Assert.All(manifests.All<V1NetworkPolicy>(), policy => Assert.Contains(manifests.Pods, pod => pod.IsSelectedBy(policy.Spec.PodSelector)));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_door_is_reached_from_its_own_namespaces_alone(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        var doors = manifests.Pods.ToDictionary(
            pod => pod.Program,
            pod => PoliciesOf(pod, manifests).SelectMany(policy => policy.Spec.Ingress ?? []).SelectMany(DoorsOf).Order().ToList()
        );

        string[] operators = ["operators from coupon-operators", "operators from monitoring"];
        Assert.Equal([.. operators, "public from ingress"], doors[ProgramOfPod.Api]);
        Assert.Equal(operators, doors[ProgramOfPod.Consumer]);
        Assert.All(manifests.Pods, pod => Assert.All(["public", "operators"], door => Assert.InRange(pod.Port(door), 1024, 65535)));
    }

    [Theory]
    [InlineData(Kustomizations.Base, "3306 53 53 6379 9092")]
    [InlineData(Kustomizations.Production, "3306 443 53 53 6380 9093")]
    [InlineData(Kustomizations.Migration, "3306 53 53 9092")]
    [InlineData(Kustomizations.ProductionMigration, "3306 53 53 9093")]
    public async Task A_pod_may_ask_for_names_and_for_its_servers(string kustomization, string ports)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        var pod = manifests.Pods.First();

        var allowed = PoliciesOf(pod, manifests).SelectMany(policy => policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports);

        Assert.Equal(ports, string.Join(' ', allowed.Select(port => port.Port.Value).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_ingress_leads_to_the_public_door_over_TLS()
    {
        var manifests = await Manifests.OfAsync(Kustomizations.Production);
        var ingress = Assert.Single(manifests.All<V1Ingress>()).Spec;
        var rule = Assert.Single(ingress.Rules);
        var backend = Assert.Single(rule.Http.Paths).Backend.Service;

        Assert.Equal([rule.Host], Assert.Single(ingress.Tls).Hosts);
        Assert.Equal("public", Assert.Single(manifests.One<V1Service>(backend.Name).Spec.Ports, port => port.Name == backend.Port.Name).Name);
    }

    [Theory]
    [MemberData(nameof(Migrations))]
    public async Task The_migration_may_be_repeated_and_has_the_time_for_it(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        var job = Assert.Single(manifests.All<V1Job>()).Spec;
        var variables = manifests.EnvironmentOf(manifests.Pods.Single().Container, secret: _ => "");

        Assert.Equal("Never", job.Template.Spec.RestartPolicy);
        Assert.Equal([Coupon.Consumers.Commands.ExitCodes.Usage], Assert.Single(job.PodFailurePolicy.Rules).OnExitCodes.Values);

        // It waits for MySQL first and for Kafka then.
        var attempt = 2 * TimeSpan.Parse(variables["Migrate__WaitFor"], CultureInfo.InvariantCulture);
        Assert.True(job.ActiveDeadlineSeconds > (job.BackoffLimit + 1) * attempt.TotalSeconds);
    }

    [Fact]
    public async Task The_two_steps_of_a_release_have_the_same_image_the_same_namespace_and_the_same_way_to_Kafka()
    {
        var (service, migration) = (await Manifests.OfAsync(Kustomizations.Production), await Manifests.OfAsync(Kustomizations.ProductionMigration));
        var consumer = service.Pods.Single(pod => pod.Program == ProgramOfPod.Consumer);
        var migrate = migration.Pods.Single();

        Assert.Equal(consumer.Container.Image, migrate.Container.Image);
        Assert.Equal(KafkaOf(service, consumer), KafkaOf(migration, migrate));
        var name = Assert.Single(service.All<V1Namespace>()).Metadata.Name;
        Assert.Equal("restricted", service.One<V1Namespace>(name).Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.All(service.Objects.Concat(migration.Objects).Where(each => each is not V1Namespace), each =>
            Assert.Equal(name, each.Metadata.NamespaceProperty)
        );
    }

    private static string KafkaOf(Manifests manifests, PodOwner pod) =>
        string.Join(
            ' ',
            manifests
                .EnvironmentOf(pod.Container, secret: _ => "")
                .Where(variable => variable.Key.StartsWith("Kafka__Client__", StringComparison.Ordinal))
                .OrderBy(variable => variable.Key, StringComparer.Ordinal)
        );

    private static int Partitions(Manifests migration) =>
        migration.EnvironmentOf(migration.Pods.Single().Container, secret: _ => "").TryGetValue("Kafka__Partitions", out var partitions)
            ? int.Parse(partitions, CultureInfo.InvariantCulture)
            : new NewTopicOptions().Partitions;

    private static IEnumerable<(string Secret, string Key)> SecretsOf(V1Container container) =>
        container.Env.Select(variable => (variable.ValueFrom.SecretKeyRef.Name, variable.ValueFrom.SecretKeyRef.Key));

    private static List<V1NetworkPolicy> PoliciesOf(PodOwner pod, Manifests manifests) =>
        [.. manifests.All<V1NetworkPolicy>().Where(policy => pod.IsSelectedBy(policy.Spec.PodSelector))];

    private static IEnumerable<string> DoorsOf(V1NetworkPolicyIngressRule rule) =>
        from port in rule.Ports
        from peer in rule.FromProperty
        from place in NamespacesOf(peer)
        select $"{port.Port.Value} from {place}";

    private static IEnumerable<string> NamespacesOf(V1NetworkPolicyPeer peer)
    {
        const string Name = "kubernetes.io/metadata.name";
        Assert.True(peer is { IpBlock: null, PodSelector: null });
        return peer.NamespaceSelector.MatchLabels is { } labels
            ? [labels[Name]]
            : Assert.Single(peer.NamespaceSelector.MatchExpressions, expression => expression is { Key: Name, OperatorProperty: "In" }).Values;
    }

    private static void AssertSelectsOnly(string name, V1LabelSelector selector, List<PodOwner> pods) =>
        Assert.Equal([name], pods.Where(pod => pod.IsSelectedBy(selector)).Select(pod => pod.Name));

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Sources.Root, "infra", "deployment", .. path]));

    [GeneratedRegex(@"ASPNETCORE_HTTP_PORTS=(?<port>\d+)")]
    private static partial Regex ImagePort();

    [GeneratedRegex(@"^    image: (?<image>coupon/[\w-]+)$", RegexOptions.Multiline)]
    private static partial Regex ComposeImages();

    [GeneratedRegex(@"^(?:[\w.-]+\.[\w.-]+/)?(?<name>[\w/-]+)(?::(?<tag>[\w.-]+))?$")]
    private static partial Regex ImageParts();
}
