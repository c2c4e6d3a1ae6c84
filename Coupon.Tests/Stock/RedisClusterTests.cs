using System.Net;
using Coupon.Hosting.Clients;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Stock.Shards;
using Coupon.Tests.Api;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Rights;
using Coupon.Tests.Servers;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Coupon.Tests.Stock;

/// <summary>
/// Sales on a real Redis Cluster while a shard is away, fails over, or gives slots away: two API processes, a coupon in each shard, counted by id.
/// </summary>
public sealed class RedisClusterTests(TestServers servers)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_shard_stops_no_coupon_of_the_others_and_sells_on_when_it_is_back()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(cancellationToken: _cancel);
        await using var sale = await ShardedSale.StartAsync(servers, cluster);
        await sale.SellAsync(100);

        await cluster.Replicas[0].KillAsync();
        await cluster.Primaries[0].KillAsync();
        await sale.Crowds[0].UntilRefusedAsync(20, "stock-unavailable", "stock-unverified");
        await sale.SellAsync(300, 1, 2);
        Assert.Empty(sale.Crowds[1].Refused.Keys.Except(["already-issued"]));
        Assert.Empty(sale.Crowds[2].Refused.Keys.Except(["already-issued"]));
        Assert.Equal(HttpStatusCode.OK, await sale.ReadinessAsync());

        await cluster.Primaries[0].StartAgainAsync(_cancel);
        var back = TimeProvider.System.GetTimestamp();
        await sale.SellAsync(1, 0);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"sells on after {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.00} s: a shard that was dead is back"
        );
        await sale.SellAsync(100);
        await sale.AuditAsync(["a shard that was dead for as long as the test let it", "beside a dead shard", "beside a dead shard"]);
    }

    [Fact]
    public async Task A_failover_of_one_shard_loses_nothing_and_stops_no_other_one()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(cancellationToken: _cancel);
        await using var sale = await ShardedSale.StartAsync(servers, cluster);
        await sale.SellAsync(100);

        await LocalRedisCluster.FailOverAsync(cluster.Replicas[1], _cancel);
        await sale.SellAsync(200);
        Assert.Empty(sale.Crowds[0].Refused.Keys.Except(["already-issued"]));
        Assert.Empty(sale.Crowds[2].Refused.Keys.Except(["already-issued"]));

        await cluster.Primaries[2].KillAsync();
        await LocalRedisCluster.UntilPrimaryAsync(cluster.Replicas[2], _cancel);
        await sale.SellAsync(200);
        await sale.AuditAsync(["beside both failovers", "CLUSTER FAILOVER", "a primary killed, its replica promoted"], mayLose: 2);
    }

    [Fact]
    public async Task A_replica_that_dies_costs_nothing()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(cancellationToken: _cancel);
        await using var sale = await ShardedSale.StartAsync(servers, cluster);
        await sale.SellAsync(100);

        foreach (var replica in cluster.Replicas)
            await replica.KillAsync();
        await sale.SellAsync(300);

        Assert.All(sale.Crowds, crowd => Assert.Empty(crowd.Refused.Keys.Except(["already-issued"])));
        await sale.AuditAsync(["a replica killed", "a replica killed", "a replica killed"]);
    }

    [Fact]
    public async Task A_slot_on_its_way_sells_on_also_where_the_move_is_left_half_way()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(withReplicas: false, cancellationToken: _cancel);
        await using var sale = await ShardedSale.StartAsync(servers, cluster);
        await sale.SellAsync(100);
        var (slot, from, to) = (HashSlot.OfCoupon(sale.Coupons[0]), cluster.Primaries[0], cluster.Primaries[1]);

        await LocalRedisCluster.BeginMigrationAsync(slot, from, to);
        await sale.SellAsync(200);
        Assert.All(sale.Crowds, crowd => Assert.Empty(crowd.Refused.Keys.Except(["already-issued"])));

        await cluster.MoveKeysAsync(slot, from, to);
        await cluster.EndMigrationAsync(slot, to);
        await sale.SellAsync(200);
        Assert.Empty(sale.Crowds[1].Refused.Keys.Except(["already-issued"]));
        Assert.Empty(sale.Crowds[2].Refused.Keys.Except(["already-issued"]));
        await sale.AuditAsync([
            "its slot on the way, and moved",
            "beside a slot that is moved, in the shard that gets it",
            "beside a slot that is moved",
        ]);
    }

    [Fact]
    public async Task A_node_that_is_added_takes_its_part_and_every_coupon_sells_on()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(withReplicas: false, cancellationToken: _cancel);
        await using var sale = await ShardedSale.StartAsync(servers, cluster);
        await sale.SellAsync(100);

        await cluster.AddPrimaryAsync(_cancel);
        await cluster.RebalanceAsync();

        await sale.SellAsync(200);
        await sale.AuditAsync([.. sale.Coupons.Select(_ => "a node added, and the slots divided anew")]);
    }

    [Fact]
    public async Task An_instance_that_cannot_reach_a_shard_doubts_that_shard_for_itself_alone()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(cancellationToken: _cancel);
        await using var links = new ClusterLinks(cluster);
        await using var cutOff = new ApiUnderTest(servers) { OwnCluster = cluster, RedisConnection = await links.ConnectAsync() };
        await cutOff.InitializeAsync();
        await using var other = await cutOff.Service.StartApiAsync();
        await using var consumer = await cutOff.Service.StartConsumerAsync();
        var coupons = await ShardedSale.CouponsAsync(other.Url, cluster);
        var ofCutOff = coupons.Select(coupon => Crowd.Start([cutOff.Http.BaseAddress!], coupon, askers: 2)).ToList();
        var ofOther = coupons.Select(coupon => Crowd.Start([other.Url], coupon, askers: 2)).ToList();
        await Task.WhenAll(ofCutOff.Concat(ofOther).Select(crowd => crowd.UntilAcceptedAsync(50)));

        links.Cut(cluster.Primaries[0], cluster.Replicas[0]);
        await ofCutOff[0].UntilRefusedAsync(20, "stock-unavailable", "stock-unverified");
        await Task.WhenAll(ofOther.Concat(ofCutOff[1..]).Select(crowd => crowd.UntilAcceptedAsync(200, seconds: 60)));
        Assert.All(ofOther.Concat(ofCutOff[1..]), crowd => Assert.Empty(crowd.Refused.Keys.Except(["already-issued"])));

        links.Mend();
        await ofCutOff[0].UntilAcceptedAsync(50, seconds: 60);
        foreach (var crowd in ofCutOff.Concat(ofOther))
        {
            await crowd.StopAsync();
            var what =
                crowd == ofCutOff[0] ? "an instance cut off from the shard for as long as the test let it"
                : ofCutOff.Contains(crowd) ? "another shard, at that instance"
                : "beside it, at another instance";
            Say(crowd, what);
            await crowd.DisposeAsync();
        }

        foreach (var (coupon, crowd) in coupons.Concat(coupons).Zip(ofCutOff.Concat(ofOther)))
            await Promises.AssertEachIsARowAsync(cutOff.Service, coupon, crowd.Promised, _patience);
    }

    [Fact]
    public async Task With_TLS_and_an_account_of_the_documented_rights_it_sells_through_a_failover()
    {
        using var certificate = new PrivateCertificate();
        await using var cluster = await LocalRedisCluster.StartAsync(
            certificate: (certificate.CertificateFile, certificate.KeyFile),
            cancellationToken: _cancel
        );
        await using (var administration = await ConnectionMultiplexer.ConnectAsync($"{cluster.ConnectionString},allowAdmin=true"))
        {
            foreach (var server in administration.GetServers())
                await RightsPage.AddRedisUserAsync(server, "usher");
        }

        await using var sale = await ShardedSale.StartAsync(
            servers,
            cluster,
            ("ConnectionStrings__Redis", $"{cluster.TlsAddresses},ssl=true,user=coupon,password=usher"),
            ("Redis__CertificateAuthority", certificate.CertificateFile)
        );
        await sale.SellAsync(100);

        await LocalRedisCluster.FailOverAsync(cluster.Replicas[1], _cancel);
        await sale.SellAsync(200);
        await sale.AuditAsync(["beside CLUSTER FAILOVER, with TLS and an account", "CLUSTER FAILOVER, with TLS and an account", "beside it"]);

        // Nothing was asked for beyond these rights.
        foreach (var node in cluster.Primaries.Concat(cluster.Replicas))
            Assert.Equal("", (await RedisCli.SendAsync(node.Port, "ACL", "LOG")).Trim());
    }

    // A figure for docs/rebuild.md, not an assertion: machines differ.
    private static void Say(Crowd crowd, string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"longest pause {crowd.LongestPause.TotalSeconds:0.00} s: {what}; refused {string.Join(", ", crowd.Refused)}"
        );

    /// <summary>The links of one instance to the servers of a cluster, each through a proxy.</summary>
    private sealed class ClusterLinks(LocalRedisCluster cluster) : Tunnel, IAsyncDisposable
    {
        private readonly Dictionary<int, TcpProxy> _byPort = cluster
            .Primaries.Concat(cluster.Replicas)
            .ToDictionary(node => node.Port, node => TcpProxy.To(node.Port));

        public async Task<IConnectionMultiplexer> ConnectAsync()
        {
            var options = RedisClient.Options(
                new ConfigurationBuilder()
                    .AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Redis", (string?)cluster.ConnectionString)])
                    .Build()
            );
            options.Tunnel = this;
            return await ConnectionMultiplexer.ConnectAsync(options);
        }

        public void Cut(params LocalRedis[] nodes)
        {
            foreach (var node in nodes)
                _byPort[node.Port].Mode = ProxyMode.Blackhole;
        }

        public void Mend()
        {
            foreach (var link in _byPort.Values)
                link.Mode = ProxyMode.Forward;
        }

        // The client learns the addresses from the cluster itself, and would connect to them directly.
        public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
            new(new IPEndPoint(IPAddress.Loopback, _byPort[((IPEndPoint)endpoint).Port].Port));

        public async ValueTask DisposeAsync()
        {
            foreach (var link in _byPort.Values)
                await link.DisposeAsync();
        }
    }

    /// <summary>Two API processes and a consumer on a cluster, with a coupon in the shard of each of its first primaries.</summary>
    private sealed class ShardedSale : IAsyncDisposable
    {
        private readonly ServiceSettings _settings;
        private readonly ServiceProcess[] _instances;
        private readonly ServiceProcess _consumer;
        private readonly HttpClient _http = new();

        private ShardedSale(ServiceSettings settings, ServiceProcess[] instances, ServiceProcess consumer, long[] coupons)
        {
            (_settings, _instances, _consumer, Coupons) = (settings, instances, consumer, coupons);
            Crowds = [.. coupons.Select(coupon => Crowd.Start([.. instances.Select(instance => instance.Url)], coupon, askers: 4))];
        }

        public long[] Coupons { get; }

        public Crowd[] Crowds { get; }

        public static async Task<ShardedSale> StartAsync(TestServers servers, LocalRedisCluster cluster, params (string Name, string Value)[] more)
        {
            var settings = await ServiceSettings.CreateAsync(cluster, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
            var instances = await Task.WhenAll(settings.StartApiAsync(more), settings.StartApiAsync(more));
            var consumer = await settings.StartConsumerAsync(more);
            return new ShardedSale(settings, instances, consumer, await CouponsAsync(instances[0].Url, cluster));
        }

        /// <summary>Creates one in each shard.</summary>
        public static async Task<long[]> CouponsAsync(Uri api, LocalRedisCluster cluster)
        {
            var coupons = new long[cluster.Primaries.Count];
            while (coupons.Contains(0))
            {
                var coupon = await CouponClient.CreateAsync(api, 1_000_000);
                coupons[HashSlot.OfCoupon(coupon) * coupons.Length / HashSlot.Count] = coupon;
            }

            return coupons;
        }

        /// <summary>Waits until so many more were accepted of some coupons, or of all.</summary>
        public Task SellAsync(int more, params int[] coupons) =>
            Task.WhenAll(
                (coupons.Length > 0 ? coupons : [.. Enumerable.Range(0, Coupons.Length)]).Select(i => Crowds[i].UntilAcceptedAsync(more, seconds: 60))
            );

        public async Task<HttpStatusCode> ReadinessAsync()
        {
            using var answer = await _http.GetAsync(new Uri(_instances[0].Url, "/health/ready"), _cancel);
            return answer.StatusCode;
        }

        /// <summary>The promises, by id.</summary>
        /// <param name="happened">What happened to each coupon, for the output.</param>
        /// <param name="mayLose">
        /// The coupon whose primary died with what its replica had not received; its ordinals may have gaps. Negative: none.
        /// </param>
        public async Task AuditAsync(string[] happened, int mayLose = -1)
        {
            for (var i = 0; i < Coupons.Length; i++)
            {
                await Crowds[i].StopAsync();
                Say(Crowds[i], happened[i]);
                if (i != mayLose)
                    await Promises.AssertEachIsARowAsync(_settings, Coupons[i], Crowds[i].Promised, _patience);
                else
                    await Promises.AssertNoneIsBrokenAsync(_settings, Coupons[i], Crowds[i].Promised, _patience);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var crowd in Crowds)
                await crowd.DisposeAsync();
            foreach (var process in _instances.Append(_consumer))
                await process.DisposeAsync();
            _http.Dispose();
            await _settings.DisposeAsync();
        }
    }
}
