using System.Net;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Deployment;

/// <summary>
/// The programs with the very environment of the manifests: they start, and are found where kubelet, ingress and Prometheus look for them.
/// </summary>
public sealed class ManifestProcessTests(TestServers servers)
{
    // As the kubelet and Prometheus name a pod, which have its address alone.
    private const string AddressOfPod = "10.244.1.7";

    // Of the tests' servers and of what keeps tests apart; everything else is of the manifests. Loopback only: see ServiceProcess.
    private static readonly string[] _ofTheTests = ["ConnectionStrings__", "Topics__", "ConsumerGroups__", "Stock__"];

    [Fact]
    public async Task With_the_environment_of_production_everything_starts_and_answers_at_its_door()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        var (manifests, migration) = (
            await Manifests.OfAsync(Kustomizations.Production),
            await Manifests.OfAsync(Kustomizations.ProductionMigration)
        );

        var migrated = await CommandLineRun.RunAsync(EnvironmentOf(migration, ProgramOfPod.Migration, service), "migrate");
        Assert.Equal((0, ""), (migrated.ExitCode, migrated.Words));

        await using var api = await ServiceProcesses.StartWithAsync("Coupon.Api", EnvironmentOf(manifests, ProgramOfPod.Api, service));
        await using var consumer = await ServiceProcesses.StartWithAsync(
            "Coupon.Consumers",
            EnvironmentOf(manifests, ProgramOfPod.Consumer, service)
        );
        foreach (var (process, program) in new[] { (api, ProgramOfPod.Api), (consumer, ProgramOfPod.Consumer) })
        {
            var container = manifests.Pods.Single(pod => pod.Program == program).Container;
            foreach (var probe in (k8s.Models.V1Probe[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe])
                await AnswersAsync(HttpStatusCode.OK, process.Url, probe.HttpGet.Path, AddressOfPod);
            await AnswersAsync(HttpStatusCode.OK, process.OperatorsUrl, "/metrics", AddressOfPod, ServiceProcess.OperatorKey);
            await AnswersAsync(HttpStatusCode.Unauthorized, process.OperatorsUrl, "/metrics", AddressOfPod);
            await AnswersAsync(HttpStatusCode.NotFound, process.Url, "/metrics", AddressOfPod, ServiceProcess.OperatorKey);
        }

        var host = manifests.All<k8s.Models.V1Ingress>().Single().Spec.Rules.Single().Host;
        await AnswersAsync(HttpStatusCode.OK, api.Url, "/problems", host);
    }

    [Theory]
    [InlineData("ConnectionStrings__Redis", "ConnectionStrings__Redis")]
    [InlineData("ConnectionStrings__Kafka", "ConnectionStrings__Kafka")]
    [InlineData("ConnectionStrings__MySql", "ConnectionStrings__MySql")]
    [InlineData("Operators__Key", "Operators:Key")]
    [InlineData("Auth__AllowAnonymous", "Anybody could press for anybody")]
    public async Task The_base_alone_does_not_start(string missing, string named)
    {
        var manifests = await Manifests.OfAsync(Kustomizations.Base);
        var container = manifests.Pods.Single(pod => pod.Program == ProgramOfPod.Api).Container;
        var environment = manifests.EnvironmentOf(container, SecretsOfNobody.Of);

        // Where the overlay says who the users are.
        environment["Auth__AllowAnonymous"] = "true";
        environment.Remove(missing);
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        environment["Operators__Url"] = $"http://127.0.0.1:{FreePort.Next()}";

        var run = await CommandLineRun.RunProgramAsync("Coupon.Api", environment);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(named, run.Output + run.Words, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> EnvironmentOf(Manifests manifests, ProgramOfPod program, ServiceSettings service)
    {
        var container = manifests.Pods.Single(pod => pod.Program == program).Container;
        var environment = manifests.EnvironmentOf(container, secret: _ => "");

        // The broker of the tests has neither TLS nor accounts; SecuredSaleTests has both.
        foreach (var name in environment.Keys.Where(name => name.StartsWith("Kafka__Client__", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        foreach (var (name, value) in service.Environment)
        {
            if (Array.Exists(_ofTheTests, prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                environment[name] = value;
        }

        return environment;
    }

    private static async Task AnswersAsync(HttpStatusCode expected, Uri door, string path, string host, string? key = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(door, path));
        request.Headers.Host = host;
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((expected, path), (answer.StatusCode, path));
    }
}
