using System.Collections.Concurrent;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

/// <summary>Two groups on one topic, for batches and for single messages, while messages are produced without a break.</summary>
public sealed class GroupsUnderLoad : IAsyncDisposable
{
    private const int Partitions = 6;

    // What Coupon.Consumers has.
    private static readonly TimeSpan _session = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly string _topic = UniqueName.From("load");
    private readonly IRunningServer _kafka;
    private readonly CancellationTokenSource _enough = new();
    private readonly List<Task> _produced = [];
    private readonly ConcurrentDictionary<string, Handled> _handled = new();
    private readonly RiderBus _bus;
    private Task _producing = Task.CompletedTask;
    private int _last;

    private GroupsUnderLoad(IRunningServer kafka)
    {
        _kafka = kafka;
        foreach (var group in Groups)
            _handled[group] = new Handled();
        _bus = RiderBus.Create(
            kafka,
            rider =>
            {
                rider.AddConsumer<SeatBatchConsumer>(consumer =>
                    consumer.Options<BatchOptions>(options => options.SetMessageLimit(200).SetTimeLimit(TimeSpan.FromMilliseconds(50)))
                );
                rider.AddConsumer<SeatConsumer>();
            },
            (context, cluster) =>
            {
                cluster.TopicEndpoint<long, Seat>(_topic, BatchGroup, endpoint =>
                {
                    Configure(endpoint);
                    endpoint.ConfigureConsumer<SeatBatchConsumer>(context);
                });
                cluster.TopicEndpoint<long, Seat>(_topic, MessageGroup, endpoint =>
                {
                    Configure(endpoint);
                    endpoint.ConcurrentMessageLimit = Partitions;
                    endpoint.ConfigureConsumer<SeatConsumer>(context);
                });
            },
            services =>
                services
                    .AddSingleton(new SeatLog())
                    .AddScoped<SeatScope>()
                    .AddSingleton<SeatBatchConsumer.Behaviour>(batch =>
                    {
                        foreach (var message in batch.Message)
                            _handled[BatchGroup].Add(message);
                        return Task.CompletedTask;
                    })
                    .AddSingleton<SeatConsumer.Behaviour>(message =>
                    {
                        _handled[MessageGroup].Add(message);
                        return Task.CompletedTask;
                    })
        );
    }

    public RecordedLogs Logs => _bus.Logs;

    public BusHealthStatus Health => _bus.Bus.CheckHealth().Status;

    public IReadOnlyList<string> Groups => [BatchGroup, MessageGroup];

    private string BatchGroup => $"{_topic}-batches";

    private string MessageGroup => $"{_topic}-messages";

    public static async Task<GroupsUnderLoad> StartAsync(IRunningServer kafka, IKafkaServer creator, CancellationToken cancellationToken)
    {
        var load = new GroupsUnderLoad(kafka);
        try
        {
            await creator.CreateTopicAsync(load._topic, Partitions, cancellationToken);
            await load._bus.StartAsync();
            load._producing = Task.Run(load.ProduceAsync, cancellationToken);
            await load.ConsumesAgainAsync(60);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until both groups have handled something that comes after all that they had handled until now.</summary>
    public async Task ConsumesAgainAsync(int timeoutSeconds)
    {
        var before = _handled.Values.ToDictionary(handled => handled, handled => handled.Highest);
        await Eventually.IsTrueAsync(
            () => before.All(of => of.Key.Highest > of.Value),
            timeoutSeconds,
            () => $"{_last} produced; {string.Join(", ", _handled.Select(of => $"{of.Key} {of.Value.Highest}"))}\n{_bus.Logs}"
        );
    }

    /// <summary>Ends the load, and waits until both groups have handled all; then nothing below their committed offsets is unhandled.</summary>
    public async Task NothingIsLostAsync(int timeoutSeconds)
    {
        await _enough.CancelAsync();
        await _producing;
        await Task.WhenAll(_produced).WaitAsync(TimeSpan.FromSeconds(timeoutSeconds));
        foreach (var (group, handled) in _handled)
        {
            await Eventually.IsTrueAsync(
                () => handled.Numbers.Count == _last,
                timeoutSeconds,
                () => $"{group}: {handled.Numbers.Count} of {_last}\n{_bus.Logs}"
            );
        }

        await _bus.StopAsync();
        var ends = RawKafka.Ends(_kafka, _topic, Partitions);
        foreach (var (group, handled) in _handled)
        {
            var committed = RawKafka.Committed(_kafka, _topic, group, Partitions);
            Assert.Equal(ends, committed);
            for (var partition = 0; partition < Partitions; partition++)
            {
                for (var offset = 0L; offset < committed[partition]; offset++)
                    Assert.True(handled.Positions.ContainsKey((partition, offset)), $"{group}: {partition}@{offset} was committed and never handled");
            }
        }
    }

    /// <summary>Stops the bus, with the load still on it.</summary>
    public Task StopAsync() => _bus.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _producing.ContinueWith(_ => { }, TaskScheduler.Default);
        await _bus.DisposeAsync();
        _enough.Dispose();
    }

    private static void Configure(IKafkaTopicReceiveEndpointConfigurator endpoint)
    {
        endpoint.AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest;
        endpoint.CheckpointInterval = TimeSpan.FromSeconds(1);
        endpoint.SessionTimeout = _session;
        endpoint.HeartbeatInterval = _heartbeat;
    }

    private async Task ProduceAsync()
    {
        var producer = _bus.Producer<long>(_topic);
        while (!_enough.IsCancellationRequested)
        {
            for (var i = 0; i < 10; i++)
            {
                var number = ++_last;
                _produced.Add(producer.Produce(number, new Seat(number)));
            }

            await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private sealed class Handled
    {
        private int _highest;

        public int Highest => Volatile.Read(ref _highest);

        public ConcurrentDictionary<int, bool> Numbers { get; } = new();

        public ConcurrentDictionary<(int Partition, long Offset), bool> Positions { get; } = new();

        public void Add(ConsumeContext<Seat> message)
        {
            var number = message.Message.Number;
            Numbers[number] = true;
            Positions[(message.Partition()!.Value, message.Offset()!.Value)] = true;
            int highest;
            while ((highest = Highest) < number && Interlocked.CompareExchange(ref _highest, number, highest) != highest) { }
        }
    }
}
