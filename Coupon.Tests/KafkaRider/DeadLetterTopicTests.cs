using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>An endpoint that gives up: off by default, and nothing is skipped that is not kept.</summary>
public sealed class DeadLetterTopicTests(TestServers servers)
{
    private readonly SeatLog _log = new();
    private readonly ConcurrentQueue<Fault<Seat>> _faults = new();

    [Fact]
    public async Task A_message_that_fails_every_attempt_is_kept_with_where_it_came_from_and_why_and_the_next_one_is_handled()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("giving-up", 1);
        var attempts = 0;
        await RawKafka.ProduceAsync(
            kafka,
            topic,
            [9],
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { number = 1 }),
            new Confluent.Kafka.Headers { { "row", "B"u8.ToArray() } }
        );
        await RawKafka.ProduceSeatsAsync(kafka, topic, 2, 2);
        await using (
            await new SeatEndpoint(topic, _log)
            {
                Configure = endpoint => endpoint.GiveUpAfter(3),
                OnMessage = context =>
                    context.Message.Number == 1 && Interlocked.Increment(ref attempts) > 0
                        ? throw new InvalidOperationException("never")
                        : Task.CompletedTask,
            }
                .Messages(kafka)
                .StartAsync()
        )
        {
            await Eventually.IsTrueAsync(() => _log.Handled.Contains(2));
        }

        Assert.Equal(3, attempts);
        Assert.Equal([2], _log.Handled);
        Assert.Equal([2], RawKafka.Committed(kafka, topic, $"{topic}-group", 1));
        var letter = RawKafka.Read(kafka, $"{topic}.dead-letters").Message;
        Assert.Equal((byte[])[9], letter.Key);
        Assert.Equal("""{"number":1}""", Encoding.UTF8.GetString(letter.Value));
        Assert.Equal(
            ("B", topic, "0", "0", $"{topic}-group", "3"),
            (
                Text(letter, "row"),
                Text(letter, DeadLetterHeaders.Topic),
                Text(letter, DeadLetterHeaders.Partition),
                Text(letter, DeadLetterHeaders.Offset),
                Text(letter, DeadLetterHeaders.Group),
                Text(letter, DeadLetterHeaders.Attempts)
            )
        );
        Assert.Equal(
            RawKafka.Read(kafka, topic).Message.Timestamp.UnixTimestampMs.ToString(CultureInfo.InvariantCulture),
            Text(letter, DeadLetterHeaders.Timestamp)
        );
        Assert.Equal(
            ("System.InvalidOperationException", "never"),
            (Text(letter, MessageHeaders.FaultExceptionType), Text(letter, MessageHeaders.FaultMessage))
        );
        Assert.Contains(nameof(SeatConsumer), Text(letter, MessageHeaders.FaultStackTrace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_batch_those_at_fault_are_kept_and_all_others_are_handled()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("batch-giving-up", 2);
        int[] poison = [7, 50, 51, 100];
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 100);
        await using (
            await new SeatEndpoint(topic, _log)
            {
                Configure = endpoint => endpoint.GiveUpAfter(2),
                OnBatch = context =>
                    context.Message.Any(message => poison.Contains(message.Message.Number))
                        ? throw new InvalidOperationException("poison")
                        : Task.CompletedTask,
            }
                .Batches(kafka)
                .StartAsync()
        )
        {
            await Eventually.IsTrueAsync(() => _log.Distinct.Count == 96 && RawKafka.Ends(kafka, $"{topic}.dead-letters", 1).Sum() == 4);
        }

        Assert.Equal(Enumerable.Range(1, 100).Except(poison), _log.Handled.Order());
        Assert.Equal(100, RawKafka.Committed(kafka, topic, $"{topic}-group", 2).Sum());
    }

    [Fact]
    public async Task While_a_dead_letter_cannot_be_kept_the_offset_does_not_move()
    {
        var kafka = await servers.KafkaAsync();
        Assert.SkipWhen(kafka.IsLossy, "The mock cluster refuses no name of a topic.");
        var topic = await CreateTopicsAsync("not-kept", 1);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 2);
        await using (
            var bus = await new SeatEndpoint(topic, _log)
            {
                // A name that no topic can have: the broker refuses it for ever.
                Configure = endpoint => endpoint.GiveUpAfter(1, letters => letters.Topic = "no/such/topic"),
                OnMessage = _ => throw new InvalidOperationException("never"),
            }
                .Messages(kafka)
                .StartAsync()
        )
        {
            await Eventually.IsTrueAsync(() => bus.Logs.Contains("attempt 2"));
        }

        Assert.Equal([0], RawKafka.Committed(kafka, topic, $"{topic}-group", 1));
    }

    [Fact]
    public async Task Exceptions_that_do_not_count_are_no_reason_to_give_up()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("not-counted", 1);
        var attempts = 0;
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.GiveUpAfter(1, letters => letters.When = exception => exception is not TimeoutException),
            OnMessage = _ => Interlocked.Increment(ref attempts) <= 3 ? throw new TimeoutException("the database is away") : Task.CompletedTask,
        }
            .Messages(kafka)
            .StartAsync();

        await _log.AllAsync(1);

        Assert.Equal([0], RawKafka.Ends(kafka, $"{topic}.dead-letters", 1));
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_kept_at_once()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("undecodable-kept", 1);
        await RawKafka.ProduceAsync(kafka, topic, null, "{not json"u8.ToArray());
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1);
        await using var bus = await new SeatEndpoint(topic, _log) { Configure = endpoint => endpoint.GiveUpAfter(5) }
            .Messages(kafka)
            .StartAsync();

        await _log.AllAsync(1);

        var letter = RawKafka.Read(kafka, $"{topic}.dead-letters").Message;
        Assert.Equal("{not json", Encoding.UTF8.GetString(letter.Value));
        Assert.Equal("1", Text(letter, DeadLetterHeaders.Attempts));
    }

    [Fact]
    public async Task A_dead_letter_that_is_given_up_again_has_its_headers_once()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("again", 1);
        await RawKafka.ProduceAsync(
            kafka,
            topic,
            null,
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { number = 1 }),
            new Confluent.Kafka.Headers
            {
                { DeadLetterHeaders.Topic, "elsewhere"u8.ToArray() },
                { MessageHeaders.FaultMessage, "before"u8.ToArray() },
            }
        );
        await using (
            await new SeatEndpoint(topic, _log)
            {
                Configure = endpoint => endpoint.GiveUpAfter(1),
                OnMessage = _ => throw new InvalidOperationException(new string('x', 100_000)),
            }
                .Messages(kafka)
                .StartAsync()
        )
        {
            await Eventually.IsTrueAsync(() => RawKafka.Ends(kafka, $"{topic}.dead-letters", 1)[0] == 1);
        }

        var letter = RawKafka.Read(kafka, $"{topic}.dead-letters").Message;
        Assert.Equal(letter.Headers.Select(header => header.Key).Distinct(), letter.Headers.Select(header => header.Key));
        Assert.Equal(topic, Text(letter, DeadLetterHeaders.Topic));
        Assert.True(letter.Headers.Sum(header => header.GetValueBytes().Length) < 8192);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_fault_is_published_of_each_message_that_is_given_up_however_often_it_was_tried(bool inBatches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("faults", 1);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = configurator =>
            {
                configurator.PublishFaults = true;
                configurator.GiveUpAfter(3);
            },
            OnMessage = context => context.Message.Number == 4 ? throw new InvalidOperationException("never") : Task.CompletedTask,
            OnBatch = context =>
                context.Message.Any(message => message.Message.Number == 4) ? throw new InvalidOperationException("never") : Task.CompletedTask,
        };
        await using (var bus = await (inBatches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync())
        {
            await CollectAsync(bus);
            await Eventually.IsTrueAsync(() => _log.Distinct.Count == 9 && !_faults.IsEmpty);
        }

        var fault = Assert.Single(_faults);
        Assert.Equal((4, "never"), (fault.Message.Number, fault.Exceptions.Single().Message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_where_it_is_asked_for_by_name_a_message_that_fails_is_discarded(bool inBatches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await CreateTopicsAsync("discarding", 1);
        await RawKafka.ProduceAsync(kafka, topic, null, "{not json"u8.ToArray());
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = configurator =>
            {
                configurator.PublishFaults = true;
                configurator.DiscardFaultedMessages();
            },
            OnMessage = context => context.Message.Number == 4 ? throw new InvalidOperationException("never") : Task.CompletedTask,
            OnBatch = context =>
                context.Message.Any(message => message.Message.Number == 4) ? throw new InvalidOperationException("never") : Task.CompletedTask,
        };
        await using (var bus = await (inBatches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync())
        {
            await CollectAsync(bus);
            await Eventually.IsTrueAsync(() => _log.Distinct.Count == 9 && !_faults.IsEmpty);
        }

        Assert.Equal(Enumerable.Range(1, 10).Where(number => number != 4), _log.Handled.Order());
        Assert.Equal(4, Assert.Single(_faults).Message.Number);
        Assert.Equal([11], RawKafka.Committed(kafka, topic, $"{topic}-group", 1));
    }

    private Task<ReceiveEndpointReady> CollectAsync(RiderBus bus) =>
        bus
            .Bus.ConnectReceiveEndpoint(UniqueName.From("faults"), endpoint => endpoint.Handler<Fault<Seat>>(context =>
                {
                    _faults.Enqueue(context.Message);
                    return Task.CompletedTask;
                }))
            .Ready;

    private async Task<string> CreateTopicsAsync(string name, int partitions)
    {
        var topic = await servers.CreateTopicAsync(name, partitions);
        await (await servers.KafkaAsync()).CreateTopicAsync($"{topic}.dead-letters", 1, TestContext.Current.CancellationToken);
        return topic;
    }

    private static string Text(Message<byte[], byte[]> message, string header) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(header));
}
