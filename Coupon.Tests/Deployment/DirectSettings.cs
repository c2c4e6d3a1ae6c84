namespace Coupon.Tests.Deployment;

/// <summary>The settings that no options of ours hold: addresses, what goes to a client as it is, and what the framework reads.</summary>
internal static class DirectSettings
{
    private const string Needed = "none: needed";
    private const string None = "–";

    public static IReadOnlyList<Setting> All { get; } =
    [
        new(
            "ConnectionStrings:Redis",
            Needed,
            None,
            "StackExchange.Redis",
            "Redis: `redis.example:6380,ssl=true,user=coupon,password=…`. Not for `migrate`."
        ),
        new("ConnectionStrings:Kafka", Needed, None, "`host:port`, with commas between several", "The brokers to ask first."),
        new(
            "ConnectionStrings:MySql",
            Needed,
            None,
            "MySqlConnector",
            "MySQL: `Server=…;Database=coupon;User ID=coupon;Password=…;SslMode=VerifyFull;SslCa=/path/ca.pem`."
        ),
        new("Redis:CertificateAuthority", None, None, "a PEM file", "The private authority that signed the certificate of Redis. Needs `ssl=true`."),
        new(
            "Kafka:Client:NAME",
            None,
            None,
            "librdkafka",
            "A property of librdkafka's client, with underscores for dots: "
                + "`Kafka__Client__security_protocol=sasl_ssl`. An unknown one ends the program at its start."
        ),
        new("urls", "`http://localhost:5000`", None, "addresses, with semicolons between several", "The public door: `--urls` or `ASPNETCORE_URLS`."),
        new(
            "Logging:LogLevel:CATEGORY",
            "`PROGRAM.settings.json`",
            None,
            "`Trace` to `Critical`, `None`",
            "From which level on a category of the log is written."
        ),
        new(
            "Logging:Console:FormatterName",
            "`simple`",
            None,
            "`simple`, `json`, `systemd`",
            "How a line of the log is written. `json`: an object a line, with the ids of the trace among its scopes."
        ),
        new(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            None,
            None,
            "`http://` or `https://`",
            "The collector that traces go to; without it there are none. OpenTelemetry's other variables hold too, such as "
                + "`OTEL_EXPORTER_OTLP_PROTOCOL`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`."
        ),
    ];
}
