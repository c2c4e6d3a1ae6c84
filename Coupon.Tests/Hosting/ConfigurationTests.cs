using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Coupon.Tests.Hosting;

[NeedsNothing]
public sealed class ConfigurationTests
{
    [Fact]
    public void Options_are_asked_for_by_their_own_type()
    {
        using var host = Host(services => services.AddValidated<Doors>("Doors"), ("Doors:Count", "3"));

        Assert.Equal(3, host.Services.GetRequiredService<Doors>().Count);
        Assert.Same(host.Services.GetRequiredService<Doors>(), host.Services.GetRequiredService<IOptions<Doors>>().Value);
    }

    [Fact]
    public async Task Options_that_break_their_annotations_end_the_start()
    {
        using var host = Host(services => services.AddValidated<Doors>("Doors"), ("Doors:Count", "0"));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(nameof(Doors.Count), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_break_a_further_rule_end_the_start()
    {
        using var host = Host(
            services => services.AddValidated<Doors>("Doors").Validate(doors => doors.Count != 2, "Two are one too many."),
            ("Doors:Count", "2")
        );

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal("Two are one too many.", exception.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_connection_string_that_is_missing_is_named_with_its_variable(string? value)
    {
        var exception = Assert.Throws<InvalidOperationException>(() =>
            Settings(("ConnectionStrings:MySql", value)).GetRequiredConnectionString("MySql")
        );

        Assert.Equal("ConnectionStrings:MySql is not configured (environment: ConnectionStrings__MySql).", exception.Message);
    }

    [Fact]
    public void Topics_and_groups_have_the_names_of_the_contract_unless_the_configuration_has_others()
    {
        using var host = Host(services => services.AddKafkaNames(), ("Topics:DeadLetters", "attic"), ("ConsumerGroups:Persistence", "scribes"));
        var (topics, groups) = (host.Services.GetRequiredService<TopicNames>(), host.Services.GetRequiredService<ConsumerGroupNames>());

        Assert.Equal(("coupon-issued", "attic"), (topics.CouponIssued, topics.DeadLetters));
        Assert.Equal(("scribes", "coupon-dead-letter-ledger"), (groups.Persistence, groups.DeadLetterLedger));
        Assert.Equal("attic", Settings(("Topics:DeadLetters", "attic")).GetTopicNames().DeadLetters);
        Assert.Equal("coupon-issued", Settings().GetTopicNames().CouponIssued);
    }

    [Fact]
    public void Redis_fails_fast_and_is_connected_to_again_a_quarter_of_a_second_later()
    {
        var options = RedisClient.Options(Settings(("ConnectionStrings:Redis", "redis:6379,syncTimeout=777")));

        Assert.Equal(
            (false, true, 2000, 777, 1),
            (options.AbortOnConnectFail, options.AllowAdmin, options.AsyncTimeout, options.SyncTimeout, options.ConfigCheckSeconds)
        );
        Assert.Same(BacklogPolicy.FailFast, options.BacklogPolicy);
        Assert.False(options.ReconnectRetryPolicy.ShouldRetry(0, 249));
        Assert.True(options.ReconnectRetryPolicy.ShouldRetry(0, 251));
    }

    [Fact]
    public void How_often_the_servers_of_Redis_are_looked_at_may_be_configured()
    {
        var options = RedisClient.Options(Settings(("ConnectionStrings:Redis", "redis:6379,configCheckSeconds=7")));

        Assert.Equal(7, options.ConfigCheckSeconds);
    }

    private static IHost Host(Action<IServiceCollection> add, params (string Key, string? Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(Settings(settings));
        add(builder.Services);
        return builder.Build();
    }

    private static IConfiguration Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build();

    private sealed class Doors
    {
        [Range(1, 10)]
        public int Count { get; set; } = 1;
    }
}
