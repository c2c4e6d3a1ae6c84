using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Consumption;

/// <summary>One of the two groups of a consumer is lost while the other one is well; the mock cluster can be told to make it so.</summary>
public sealed class GroupHealthTests(TestServers servers)
{
    private const int Heartbeat = 12;
    private const int JoinGroup = 11;
    private const int UnknownMemberId = 25;
    private const int CoordinatorLoading = 14;

    [Fact]
    public async Task A_consumer_that_lost_one_of_its_two_groups_is_not_ready_until_it_has_it_again_and_says_which_and_since_when()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: ConsumerFixture.Stop);
        await using var settings = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka, await servers.CreateDatabaseAsync());
        await using var fixture = await ConsumerFixture.StartAsync(settings, owns: false);
        await ReadyAsync(fixture);

        // One heartbeat is refused: the member that sent it is out, and cannot join again.
        await kafka.PushRequestErrorsAsync(JoinGroup, [.. Enumerable.Repeat(CoordinatorLoading, 5000)]);
        await kafka.PushRequestErrorsAsync(Heartbeat, UnknownMemberId);
        await fixture.HealthSaysAsync("The consumer has lost its assignment, 20");

        var (code, body) = await fixture.HealthAsync();
        Assert.Equal(503, code);
        Assert.Contains("\"masstransit-bus\":{\"status\":\"Degraded\"", body, StringComparison.Ordinal);
        string[] groups =
        [
            $"{settings.CouponIssuedTopic}/{settings.PersistenceGroup}: ",
            $"{settings.DeadLettersTopic}/{settings.DeadLetterLedgerGroup}: ",
        ];
        Assert.Single(groups, group => body.Contains(group, StringComparison.Ordinal));

        await kafka.ClearRequestErrorsAsync(JoinGroup);
        await ReadyAsync(fixture);
    }

    private static Task ReadyAsync(ConsumerFixture fixture) => fixture.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
}
