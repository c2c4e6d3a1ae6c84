using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>A private Apache Kafka of one KRaft node, from the installation at <c>KAFKA_HOME</c>.</summary>
public sealed class LocalKafka : LocalServer, IKafkaServer
{
    private readonly string _program;
    private readonly LocalKafkaOptions _options;

    private LocalKafka(string program, LocalKafkaOptions options)
        : base("kafka")
    {
        _program = program;
        _options = options;
    }

    /// <summary>Whether <c>KAFKA_HOME</c> names an installation.</summary>
    public static bool IsInstalled => Find() is not null;

    /// <inheritdoc />
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <inheritdoc />
    public override string Description => "Apache Kafka at KAFKA_HOME, one KRaft node, private";

    /// <inheritdoc />
    public bool IsLossy => false;

    private string PropertiesFile => Path.Combine(Folder, "server.properties");

    private Dictionary<string, string> JavaEnvironment =>
        new()
        {
            ["KAFKA_HEAP_OPTS"] = $"-Xms{_options.HeapMegabytes}m -Xmx{_options.HeapMegabytes}m",

            // A broker that lives for minutes beside everything else on a few cores: the optimizing compiler and the parallel collector cost it more
            // CPU time than they ever give back (a sale of 30,000 requests: 2.1 to 4.5 s with the defaults, 0.8 to 1.6 s with these).
            ["KAFKA_JVM_PERFORMANCE_OPTS"] = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            ["LOG_DIR"] = Path.Combine(Folder, "log"),
        };

    /// <inheritdoc />
    protected override ChildCommand Command => new(_program, PropertiesFile) { Environment = JavaEnvironment };

    /// <summary>An id for the nodes of a new cluster.</summary>
    public static string NewClusterId() => KafkaProperties.NewClusterId();

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it does not start.</exception>
    public static async Task<LocalKafka> StartAsync(LocalKafkaOptions? options = null, CancellationToken cancellationToken = default)
    {
        var program = Find() ?? throw new InvalidOperationException("KAFKA_HOME does not name a Kafka installation.");
        if ((ProgramFile.FindBelow("JAVA_HOME", "bin/java") ?? ProgramFile.Find("java")) is null)
            throw new InvalidOperationException("KAFKA_HOME names a Kafka installation, which needs Java: none at JAVA_HOME nor on the PATH.");
        var kafka = new LocalKafka(program, options ?? new LocalKafkaOptions());
        await kafka.StartFirstAsync(cancellationToken);
        return kafka;
    }

    /// <inheritdoc />
    public Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken = default) =>
        KafkaTopic.CreateAsync(ConnectionString, topic, partitions);

    /// <inheritdoc />
    protected override async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(Folder, "data");
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        var node = _options.Node ?? new LocalKafkaNode(1, NewClusterId(), [FreePort.Next()]);
        await File.WriteAllTextAsync(PropertiesFile, KafkaProperties.Render(Port, data, _options, node), cancellationToken);

        var storage = Path.Combine(Path.GetDirectoryName(_program)!, "kafka-storage.sh");
        var format = new ChildCommand(storage, "format", "-t", node.ClusterId, "-c", PropertiesFile)
        {
            Environment = new Dictionary<string, string> { ["LOG_DIR"] = Path.Combine(Folder, "log") },
        };
        using var process = await ChildProcess.StartAsync(format, Path.Combine(Folder, "format.log"));
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The data folder of Kafka cannot be made:\n{process.LastOutput()}");
    }

    /// <inheritdoc />
    protected override Task<bool> AnswersAsync(CancellationToken cancellationToken) => KafkaTopic.BrokerAnswersAsync(Port, cancellationToken);

    private static string? Find() => ProgramFile.FindBelow("KAFKA_HOME", "bin/kafka-server-start.sh");
}
