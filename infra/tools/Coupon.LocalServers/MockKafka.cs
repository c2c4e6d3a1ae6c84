using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>
/// librdkafka's mock cluster in a process of its own: a Kafka for demos and tests without a real one. It keeps everything in memory, drops the oldest
/// beyond 5 MiB a partition, and forgets everything when it stops.
/// </summary>
public sealed class MockKafka : IKafkaServer
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly SemaphoreSlim _one = new(1, 1);

    private MockKafka(ChildProcess process, string bootstrapServers)
    {
        _process = process;
        ConnectionString = bootstrapServers;
    }

    /// <inheritdoc />
    public string ConnectionString { get; }

    /// <inheritdoc />
    public string Description => "librdkafka's mock cluster: IN MEMORY AND LOSSY, for trying out and for tests only";

    /// <inheritdoc />
    public bool IsLossy => true;

    /// <summary>Starts one. The ports cannot be chosen.</summary>
    /// <param name="brokers">How many brokers it pretends to have; every topic has a replica on each.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<MockKafka> StartAsync(int brokers = 1, CancellationToken cancellationToken = default)
    {
        var assembly = typeof(MockKafka).Assembly.Location;
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var command = new ChildCommand(dotnet, assembly, "mock-kafka", brokers.ToString(CultureInfo.InvariantCulture));
        var process = await ChildProcess.StartAsync(command, logFile: null);
        try
        {
            var bootstrapServers = await process.Output.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(_startTimeout, cancellationToken)
                ?? throw new InvalidOperationException("The mock cluster does not start.");
            return new MockKafka(process, bootstrapServers);
        }
        catch
        {
            await process.KillAsync();
            process.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken = default) =>
        ExecuteAsync($"create-topic {topic} {partitions}");

    /// <summary>A broker drops its connections and refuses new ones.</summary>
    public Task SetBrokerDownAsync(int broker = 1) => ExecuteAsync($"broker-down {broker}");

    /// <summary>It accepts connections again.</summary>
    public Task SetBrokerUpAsync(int broker = 1) => ExecuteAsync($"broker-up {broker}");

    /// <summary>Every answer of a broker takes this long; zero to end it.</summary>
    public Task SetRoundTripAsync(TimeSpan time, int broker = 1) => ExecuteAsync($"round-trip {broker} {(int)time.TotalMilliseconds}");

    /// <summary>
    /// Answers the next requests of a kind (Kafka's API key: 0 Produce, 1 Fetch, 8 OffsetCommit, …) with these error codes, one for each request.
    /// </summary>
    public Task PushRequestErrorsAsync(int apiKey, params int[] errors) => ExecuteAsync($"request-errors {apiKey} {string.Join(' ', errors)}");

    /// <summary>Takes back what is left of them.</summary>
    public Task ClearRequestErrorsAsync(int apiKey) => ExecuteAsync($"clear-request-errors {apiKey}");

    /// <summary>kill −9; everything is lost, and the address with it.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Freezes it: connections stay open, nothing answers.</summary>
    public void Freeze() => _process.Freeze();

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => _process.Thaw();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await _process.KillAsync();
        _process.Dispose();
        _one.Dispose();
    }

    private async Task ExecuteAsync(FormattableString command)
    {
        var line = command.ToString(CultureInfo.InvariantCulture);
        await _one.WaitAsync();
        try
        {
            await _process.Input.WriteLineAsync(line);
            await _process.Input.FlushAsync();
            var answer = await _process.Output.ReadLineAsync();
            if (answer != "0")
                throw new InvalidOperationException($"The mock cluster answers '{line}' with {answer ?? "its end"}.");
        }
        finally
        {
            _one.Release();
        }
    }
}
