using System.Diagnostics;
using System.Text.Json;
using Coupon.Stock;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Monitoring;

/// <summary>What a collector sees of the service.</summary>
public sealed class TraceTests(TracedService service) : IClassFixture<TracedService>
{
    private const long Marked = 987_654_321_987;

    private string Topic => service.Settings.CouponIssuedTopic;

    [Fact]
    public async Task One_press_is_one_trace_from_the_request_to_the_row()
    {
        var (coupon, press) = (await CouponClient.CreateAsync(service.Api.Url, 5), TracedService.NewTrace());

        await PressAsync(coupon, Marked, press);

        var request = await SpanAsync(press, "of the request", span => span.Kind == ActivityKind.Server);
        Assert.Equal(press.SpanId.ToHexString(), request.ParentId);
        Assert.Equal("POST /coupons/{couponId:long}/issuances", request.Name);
        var script = await SpanAsync(press, "of the script", span => span.Name == "EVALSHA issue.lua");
        Assert.Equal((ActivityKind.Client, request.SpanId), (script.Kind, script.ParentId));
        Assert.Equal(("redis", "Issued"), (script.Attributes["db.system.name"], script.Attributes["coupon.outcome"]));
        var sent = await SpanAsync(press, "of the message", span => span.Name == $"send {Topic}");
        Assert.Equal((ActivityKind.Producer, request.SpanId), (sent.Kind, sent.ParentId));
        var (batch, row) = await WrittenAsync(sent);
        Assert.Equal((ActivityKind.Consumer, ActivityKind.Client), (batch.Kind, row.Kind));
        Assert.Equal(
            ("kafka", "process", service.Settings.PersistenceGroup),
            (batch.Attributes["messaging.system"], batch.Attributes["messaging.operation.type"], batch.Attributes["messaging.consumer.group.name"])
        );
        Assert.Equal(
            ("mysql", "issued_coupons", "1"),
            (row.Attributes["db.system.name"], row.Attributes["db.collection.name"], row.Attributes["coupon.rows.inserted"])
        );

        // The entry has left the outbox, whose text names the trace too.
        await Eventually.IsTrueAsync(
            async () => await service.Redis.SortedSetLengthAsync(new CouponKeys(coupon).Outbox) == 0,
            "the acknowledged entry is removed"
        );
        Assert.All((ReceivedSpan[])[request, script, sent], span =>
            Assert.Equal(("coupon-api", true), (span.Service["service.name"], span.Service["service.version"].Length > 0))
        );
        Assert.All((ReceivedSpan[])[batch, row], span => Assert.Equal("coupon-consumers", span.Service["service.name"]));
        Assert.NotEqual(request.Service["service.instance.id"], batch.Service["service.instance.id"]);
    }

    [Fact]
    public async Task A_repeated_press_is_told_of_the_seat_whose_text_names_a_trace()
    {
        var coupon = await CouponClient.CreateAsync(service.Api.Url, 5);
        await PressAsync(coupon, 7, TracedService.NewTrace());

        using var again = await service.SendAsync(HttpMethod.Post, Button(coupon), TracedService.NewTrace(), new { userId = 7 });

        Assert.Equal(409, (int)again.StatusCode);
        Assert.Equal(1, await service.Redis.HashLengthAsync(new CouponKeys(coupon).Users));
    }

    [Fact]
    public async Task A_relayed_issuance_belongs_to_the_trace_of_its_press_whoever_relays_it()
    {
        var keys = new CouponKeys(await CouponClient.CreateAsync(service.Api.Url, 5));
        var press = TracedService.NewTrace();

        // As an instance leaves it that was killed before it sent the message.
        var entry = new HeldSeat(keys.CouponId, 1, Marked, 1800000000000).ToOutbox($"{press.TraceId}-{press.SpanId}");
        await service.Redis.SortedSetAddAsync(keys.Outbox, entry, 0);

        var relay = await SpanAsync(press, "of the relay", span => span.Name == "relay");
        Assert.Equal(press.SpanId.ToHexString(), relay.ParentId);
        var sent = await SpanAsync(press, "of the message", span => span.Name == $"send {Topic}");
        Assert.Equal(relay.SpanId, sent.ParentId);
        await WrittenAsync(sent);
        Assert.Equal(0, await service.Redis.SortedSetLengthAsync(keys.Outbox));
    }

    [Fact]
    public async Task A_replayed_dead_letter_goes_on_in_the_trace_of_its_press()
    {
        var (coupon, press, operation) = (await CouponClient.CreateAsync(service.Api.Url, 1), TracedService.NewTrace(), TracedService.NewTrace());

        // Redis gives out one more than there are.
        await service.Redis.HashIncrementAsync(new CouponKeys(coupon).State, StateFields.Remaining, 1);
        var first = TracedService.NewTrace();
        await PressAsync(coupon, 1, first);
        await WrittenAsync(await SpanAsync(first, "of the message", span => span.Name == $"send {Topic}"));
        await PressAsync(coupon, Marked, press);
        await Eventually.IsTrueAsync(async () => (await DeadLettersAsync(coupon)).Length == 1, "the dead letter");
        var id = (await DeadLettersAsync(coupon))[0].GetProperty("id").GetInt64();
        Assert.Equal(press.TraceId.ToHexString(), (await AskedAsync($"/ops/dead-letters/{id}")).GetProperty("traceId").GetString());
        var pressed = await SpanAsync(press, "of the first message", span => span.Name == $"send {Topic}");

        await OkAsync(HttpMethod.Post, new Uri(service.Api.OperatorsUrl, $"/coupons/{coupon}/restock"), null, new { quantity = 1 });
        await OkAsync(
            HttpMethod.Post,
            new Uri(service.Consumer.OperatorsUrl, "/ops/dead-letters/replay"),
            operation,
            new { filter = new { couponId = coupon } }
        );

        var replay = await SpanAsync(press, "of the replay", span => span.ParentId == pressed.SpanId);
        Assert.Equal((ActivityKind.Producer, $"send {Topic}"), (replay.Kind, replay.Name));
        var request = await SpanAsync(operation, "of the operator", span => span.Kind == ActivityKind.Server);
        Assert.Contains((request.TraceId, request.SpanId), replay.Links);
        await WrittenAsync(replay);
        Assert.Contains(service.Collector.Spans, span => span.Name == $"send {service.Settings.DeadLettersTopic}");

        // What the programs wrote within a span names it, one JSON object a line.
        var batches = service.Collector.Spans.Where(span => span.Links.Contains((pressed.TraceId, pressed.SpanId))).Select(span => span.TraceId);
        var lines = await File.ReadAllLinesAsync(service.Consumer.LogFile, TestContext.Current.CancellationToken);
        var ofDeadLetter = lines
            .Where(line => line.StartsWith('{') && line.Contains("Dead letter: ", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement);
        Assert.Contains(ofDeadLetter, line => line.GetProperty("Scopes").EnumerateArray().Any(scope => batches.Contains(Member(scope, "TraceId"))));
    }

    [Fact]
    public async Task Neither_a_look_at_health_nor_one_at_metrics_is_traced_and_no_user_is_named()
    {
        foreach (var process in (Coupon.Sale.Deployment.ServiceProcess[])[service.Api, service.Consumer])
        {
            await OkAsync(HttpMethod.Get, new Uri(process.Url, "/health/ready"), TracedService.NewTrace());
            await OkAsync(HttpMethod.Get, new Uri(process.OperatorsUrl, "/health/ready"), TracedService.NewTrace());
            await OkAsync(HttpMethod.Get, new Uri(process.OperatorsUrl, "/metrics"), TracedService.NewTrace());
        }

        // Sent after those, so it arrives after what there would be of them.
        var (coupon, last, lastOfConsumer) = (await CouponClient.CreateAsync(service.Api.Url, 5), TracedService.NewTrace(), TracedService.NewTrace());
        await PressAsync(coupon, Marked, TracedService.NewTrace());
        using var status = await service.SendAsync(HttpMethod.Get, new Uri(service.Api.Url, $"/coupons/{coupon}/issuances/{Marked}"), last);
        await OkAsync(HttpMethod.Get, new Uri(service.Consumer.OperatorsUrl, $"/ops/dead-letters?user={Marked}"), lastOfConsumer);
        await SpanAsync(last, "of the last request", span => span.Kind == ActivityKind.Server);
        await SpanAsync(lastOfConsumer, "of the last request to the consumer", span => span.Kind == ActivityKind.Server);

        var spans = service.Collector.Spans;
        Assert.DoesNotContain(spans, span => span.Attributes.GetValueOrDefault("url.path", "").StartsWith("/health", StringComparison.Ordinal));
        Assert.DoesNotContain(spans, span => span.Attributes.GetValueOrDefault("url.path", "").StartsWith("/metrics", StringComparison.Ordinal));
        Assert.DoesNotContain(spans.SelectMany(span => span.Attributes.Values.Concat(span.Texts).Append(span.Name)), text =>
            text.Contains($"{Marked}", StringComparison.Ordinal)
        );
    }

    private Uri Button(long coupon) => new(service.Api.Url, $"/coupons/{coupon}/issuances");

    private async Task PressAsync(long coupon, long user, ActivityContext trace)
    {
        using var answer = await service.SendAsync(HttpMethod.Post, Button(coupon), trace, new { userId = user });
        Assert.Equal(202, (int)answer.StatusCode);
    }

    private async Task OkAsync(HttpMethod method, Uri address, ActivityContext? trace, object? body = null)
    {
        using var answer = await service.SendAsync(method, address, trace, body);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task<JsonElement[]> DeadLettersAsync(long coupon) => [.. (await AskedAsync($"/ops/dead-letters?coupon={coupon}")).EnumerateArray()];

    private async Task<JsonElement> AskedAsync(string path)
    {
        using var answer = await service.SendAsync(HttpMethod.Get, new Uri(service.Consumer.OperatorsUrl, path));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private Task<ReceivedSpan> SpanAsync(ActivityContext trace, string what, Func<ReceivedSpan, bool> isIt) =>
        service.SpanAsync(what, span => span.TraceId == trace.TraceId.ToHexString() && isIt(span));

    // The span of the batch that had this message in it, and the span of its transaction.
    private async Task<(ReceivedSpan Batch, ReceivedSpan Row)> WrittenAsync(ReceivedSpan sent)
    {
        var batch = await service.SpanAsync("of the batch", span =>
            span.Name == $"process {Topic}" && span.Links.Contains((sent.TraceId, sent.SpanId))
        );
        var row = await service.SpanAsync("of the transaction", span =>
            span.TraceId == batch.TraceId && span.Name == "INSERT issued_coupons" && span.Attributes.ContainsKey("coupon.rows.inserted")
        );
        Assert.True(IsWithin(row, batch));
        return (batch, row);
    }

    private bool IsWithin(ReceivedSpan span, ReceivedSpan outer)
    {
        var spans = service.Collector.Spans.Where(other => other.TraceId == outer.TraceId).ToDictionary(other => other.SpanId);
        for (var at = span; at is not null; at = spans.GetValueOrDefault(at.ParentId))
        {
            if (at.SpanId == outer.SpanId)
                return true;
        }

        return false;
    }

    private static string? Member(JsonElement scope, string name) =>
        scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty(name, out var value) ? value.GetString() : null;
}
