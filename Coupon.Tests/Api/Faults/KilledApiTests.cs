using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

/// <summary>kill −9 of an instance under load. Another instance relays the entries that it leaves.</summary>
public sealed class KilledApiTests(TestServers servers)
{
    private static readonly (string Name, string Value)[] _impatient =
    [
        ("Producer__MessageTimeout", "00:00:02"),
        ("Issuing__RelayGrace", "00:00:02"),
        ("Issuing__RelayLease", "00:00:03"),
        ("Issuing__RelayInterval", "00:00:00.5"),
    ];

    [Fact]
    public async Task Every_seat_of_an_instance_that_dies_between_the_script_and_the_message_is_written()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var survivor = await service.StartApiAsync(_impatient);
        await using var doomed = await service.StartApiAsync([.. _impatient, .. StartupHook.KillAtMessage(150)]);
        await using var consumer = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(survivor.Url, 10_000);
        await using var crowd = new Crowd(coupon, survivor.Url, doomed.Url);

        await crowd.AskAsync(TimeSpan.FromSeconds(3), perSecond: 300);

        Assert.True(doomed.HasExited, "It did not come to its 150th message.");
        Assert.True(crowd.Accepted > 300);
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task An_instance_that_is_killed_under_load_loses_nothing_that_it_promised()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var survivor = await service.StartApiAsync(_impatient);
        await using var doomed = await service.StartApiAsync(_impatient);
        await using var consumer = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(survivor.Url, 10_000);
        await using var crowd = new Crowd(coupon, survivor.Url, doomed.Url);

        var asking = crowd.AskAsync(TimeSpan.FromSeconds(3), perSecond: 300);
        await Eventually.IsTrueAsync(() => Task.FromResult(crowd.Accepted > 200), "some were accepted");
        await doomed.KillAsync();
        await asking;

        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(40));
    }
}
