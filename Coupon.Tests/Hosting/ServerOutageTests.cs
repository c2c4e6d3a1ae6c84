using Confluent.Kafka;
using Coupon.Hosting.Outages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Hosting;

public sealed class ServerOutageTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _lines = new();

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void An_outage_is_one_line_when_it_begins_one_a_minute_and_one_when_it_ends()
    {
        var outage = new ServerOutage("Redis", _time, _lines);
        for (var second = 0; second < 150; second++)
        {
            for (var failure = 0; failure < 100; failure++)
                outage.Failed($"READONLY {failure}");
            Pass(outage, 1);
        }

        outage.Succeeded();
        Pass(outage, 20);

        Assert.Equal(
            [
                "Warning: Redis fails: READONLY 0",
                "Warning: Redis has been failing for 60 s, 6000 times: READONLY 99",
                "Warning: Redis has been failing for 120 s, 12000 times: READONLY 99",
                "Warning: Redis does not fail any more, after 164 s and 15000 failures",
            ],
            _lines.Written
        );
    }

    [Fact]
    public void A_failure_shortly_after_a_success_is_the_same_outage()
    {
        var outage = new ServerOutage("Kafka", _time, _lines);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            outage.Failed("too large");
            outage.Succeeded();
            Pass(outage, 10);
        }

        Assert.Equal(["Warning: Kafka fails: too large"], _lines.Written);
        Assert.Equal("too large", outage.Reason);
        Assert.Null(outage.CurrentReason);
    }

    [Fact]
    public void An_outage_that_nobody_meets_any_more_ends_too()
    {
        var outage = new ServerOutage("MySQL", _time, _lines);
        outage.Failed("gone");
        Pass(outage, 70);

        Assert.Equal(2, _lines.Written.Count);
        Assert.Null(outage.Reason);
        outage.Failed("gone again");
        Assert.Equal("Warning: MySQL fails: gone again", _lines.Written[^1]);
    }

    [Fact]
    public void Whatever_logs_a_servers_failure_adds_to_its_outage_and_writes_nothing_itself()
    {
        using var inner = new LoggerFactory([_lines]);
        using var factory = new OutageLogging(inner, _time);
        var first = factory.CreateLogger("first");
        var second = factory.CreateLogger("second");

        Write(first, LogLevel.Warning, "The relay waits", new RedisException("late"));
        Write(second, LogLevel.Error, "Something fails", new InvalidOperationException("wrapped", new RedisException("OOM")));
        Write(second, LogLevel.Warning, "A dead letter cannot be handed over", new KafkaException(ErrorCode.TopicAuthorizationFailed));

        Assert.Equal(["Warning: Redis fails: late", "Warning: Kafka fails: Broker: Topic authorization failed"], _lines.Written);
        Assert.Equal("OOM", factory.Outages.Redis.Reason);
    }

    [Fact]
    public void What_is_no_servers_failure_is_written_as_it_is_and_the_same_line_once_a_minute()
    {
        using var inner = new LoggerFactory([_lines]);
        using var factory = new OutageLogging(inner, _time);
        var logger = factory.CreateLogger("any");

        for (var second = 0; second < 90; second++)
        {
            Write(logger, LogLevel.Error, "Coupon 7 fails", new InvalidOperationException("a defect"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Write(logger, LogLevel.Error, "Coupon 8 fails", new InvalidOperationException("a defect"));
        Write(logger, LogLevel.Information, "news");
        Write(logger, LogLevel.Information, "news");

        const string seven = "Error: Coupon 7 fails [InvalidOperationException]";
        Assert.Equal([seven, seven, "Error: Coupon 8 fails [InvalidOperationException]", "Information: news", "Information: news"], _lines.Written);
    }

    private static void Write(ILogger logger, LogLevel level, string text, Exception? exception = null) =>
        logger.Log(level, default, text, exception, (state, _) => state);

    private void Pass(ServerOutage outage, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            outage.Tick();
        }
    }
}
