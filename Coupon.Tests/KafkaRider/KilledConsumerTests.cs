using System.Diagnostics;
using System.Globalization;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>kill −9 of a process in the middle of a batch. The process is this test program, asked to run one explicit test.</summary>
public sealed class KilledConsumerTests(TestServers servers)
{
    private const int Batch = 50;
    private const int Batches = 20;
    private const int UntilStuck = (Batches - 1) * Batch + Batch / 2;

    private const string Broker = "RIDER_VICTIM_BROKER";
    private const string Topic = "RIDER_VICTIM_TOPIC";
    private const string HandledFile = "RIDER_VICTIM_HANDLED";

    [Fact]
    public async Task After_kill_minus_nine_in_the_middle_of_a_batch_nothing_is_lost()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("killed", 2);
        var file = Path.GetTempFileName();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 3000);
        using (var victim = Start(kafka, topic, file))
        {
            try
            {
                await Eventually.IsTrueAsync(
                    () => HandledIn(file).Count == UntilStuck,
                    otherwise: () => $"{HandledIn(file).Count} {victim.HasExited}"
                );

                // Every batch but the last is committed; more never is, or the number is not met.
                await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, "victims" + topic, 2).Sum() == UntilStuck - Batch / 2);
            }
            finally
            {
                victim.Kill(entireProcessTree: true);
                await victim.WaitForExitAsync(CancellationToken.None);
            }
        }

        var byVictim = HandledIn(file);
        var log = new SeatLog();
        await using var bus = await new SeatEndpoint(topic, log) { Group = "victims" + topic, Batch = 50 }
            .Batches(kafka)
            .StartAsync();
        await Eventually.IsTrueAsync(
            () => byVictim.Concat(log.Distinct).ToHashSet().IsSupersetOf(Enumerable.Range(1, 3000)),
            90,
            () => $"{byVictim.Count} by the victim, {log.Distinct.Count} after it"
        );
        Assert.Equal(UntilStuck, byVictim.Count);
        File.Delete(file);
    }

    [Fact(Explicit = true)]
    public async Task The_victim_consumes_until_it_is_killed()
    {
        var topic = Environment.GetEnvironmentVariable(Topic);
        Assert.SkipWhen(topic is null, "Run by the test that kills it.");
        var batches = 0;
        await using var file = new StreamWriter(Environment.GetEnvironmentVariable(HandledFile)!) { AutoFlush = true };
        await using var bus = await new SeatEndpoint(topic, new SeatLog())
        {
            Group = "victims" + topic,
            Batch = Batch,
            TimeLimit = TimeSpan.FromSeconds(5),
            Configure = endpoint => endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(100),
            OnBatch = async context =>
            {
                // Of the last batch only half takes effect: there it is killed.
                var isLast = ++batches == Batches;
                foreach (var message in context.Message.Take(isLast ? Batch / 2 : Batch))
                    await file.WriteLineAsync(message.Message.Number.ToString(CultureInfo.InvariantCulture));
                if (isLast)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);
            },
        }
            .Batches(new GivenBroker(Environment.GetEnvironmentVariable(Broker)!))
            .StartAsync();
        await Task.Delay(TimeSpan.FromMinutes(2), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static Process Start(IKafkaServer kafka, string topic, string file)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-explicit", "only", "-method", $"*.{nameof(KilledConsumerTests)}.{nameof(The_victim_consumes_until_it_is_killed)}" },
            Environment =
            {
                [Broker] = kafka.ConnectionString,
                [Topic] = topic,
                [HandledFile] = file,
            },
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Insert(0, typeof(KilledConsumerTests).Assembly.Location);
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    /// <summary>Complete lines only: the last one may be half written.</summary>
    private static HashSet<int> HandledIn(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)]
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => int.Parse(line, CultureInfo.InvariantCulture)),
        ];
    }
}
