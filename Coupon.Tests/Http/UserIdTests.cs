using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coupon.Consumers.Issuing;
using Coupon.Hosting;
using Coupon.Stock;
using Coupon.Tests.Api;
using Coupon.Tests.Consumers;
using Coupon.Tests.Hosting;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Coupon.Tests.Http;

/// <summary>A user's id is in requests, messages and rows, and in nothing that many read: logs, metrics, traces, headers of dead letters.</summary>
public sealed class UserIdTests(TestServers servers)
{
    private const long Marked = 987_654_321_987;
    private static readonly string _marked = Marked.ToString(CultureInfo.InvariantCulture);

    // Those that the programs export. The tests' own client has others, with the addresses that it asks.
    private static readonly string[] _sources = ["Microsoft.AspNetCore", "MassTransit"];

    [Fact]
    public async Task The_id_of_a_user_is_in_no_log_metric_trace_or_header_of_a_dead_letter()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => _sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var api = new ApiUnderTest(servers)
        {
            Settings =
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
                ["Issuing:RelayInterval"] = "00:00:00.2",
            },
        };
        await api.InitializeAsync();
        await using var consumer = await ConsumerFixture.StartAsync(api.Service, owns: false, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        var lines = new Lines();
        api.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        consumer.Get<ILoggerFactory>().AddProvider(lines);

        var coupon = await api.CreateCouponAsync(5);
        Assert.Equal(202, (await api.IssueAsync(coupon, Marked)).Status);
        Assert.Equal(409, (await api.IssueAsync(coupon, Marked)).Status);
        await consumer.RowsAsync(coupon, 1);
        Assert.Equal(200, (await api.GetAsync($"/coupons/{coupon}/issuances/{Marked}")).Status);
        Assert.Equal(200, (await api.GetAsync($"/users/{Marked}/coupons")).Status);
        await api.GetAsync($"/nowhere/{Marked}");

        // What contradicts the row, and an entry of the outbox that nobody can read.
        await consumer.SendAsync([
            ConsumerFixture.Message(coupon, 1, Marked + 1),
            ConsumerFixture.Message(coupon, 2, Marked),
            ConsumerFixture.Message(4711, 1, Marked),
        ]);
        await consumer.DeadLettersAsync(3);
        await api.Redis.SortedSetAddAsync(new CouponKeys(coupon).Outbox, $"x:{Marked}:y", 0);
        await Eventually.IsTrueAsync(() => lines.Written.Any(line => line.Contains("cannot be read", StringComparison.Ordinal)));
        using var http = consumer.OperatorsClient();
        using var listed = await http.GetAsync($"/ops/dead-letters?user={Marked}");
        Assert.True(listed.IsSuccessStatusCode);

        Assert.Contains(HashedUser.Of(Marked), string.Join('\n', lines.Written), StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Written, line => line.Contains(_marked, StringComparison.Ordinal));
        Assert.DoesNotContain(_marked, (await api.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(_marked, await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains(spans, span => span.GetTagItem("url.path") is "/coupons/{couponId:long}/issuances/{userId:long}");
        Assert.DoesNotContain(spans.SelectMany(Texts), text => text.Contains(_marked, StringComparison.Ordinal));
        Assert.DoesNotContain(consumer.DeadLetterTopic().SelectMany(letter => letter.Message.Headers), header =>
            header.GetValueBytes() is { } value && Encoding.UTF8.GetString(value).Contains(_marked, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_MySQL_says_of_a_row_goes_on_without_its_values()
    {
        await using var database = new MySqlDataSource(await servers.CreateDatabaseAsync());
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("CREATE TEMPORARY TABLE pairs (coupon BIGINT, holder BIGINT, UNIQUE (coupon, holder))");
        var insert = $"INSERT INTO pairs VALUES (1, {_marked})";
        await connection.ExecuteAsync(insert);

        var failure = await Assert.ThrowsAsync<MySqlException>(() => connection.ExecuteAsync(insert));

        Assert.Contains(_marked, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_marked, FailureText.Of(failure), StringComparison.Ordinal);
        Assert.Contains("for key", FailureText.Of(failure), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(Activity span) =>
        [
            span.DisplayName,
            span.StatusDescription ?? "",
            .. span.TagObjects.Select(tag => $"{tag.Value}"),
            .. span.Events.SelectMany(happened => happened.Tags.Select(tag => $"{tag.Value}")),
            .. span.Baggage.Select(item => item.Value ?? ""),
        ];
}
