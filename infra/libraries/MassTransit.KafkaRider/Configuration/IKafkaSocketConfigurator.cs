namespace MassTransit;

/// <summary>Socket options of broker connections.</summary>
public interface IKafkaSocketConfigurator
{
    /// <summary>Longest wait for an answer (<c>socket.timeout.ms</c>). Default: 60 seconds.</summary>
    TimeSpan? Timeout { set; }

    /// <summary>Send buffer in bytes; 0 for the system's default (<c>socket.send.buffer.bytes</c>).</summary>
    int? SendBufferBytes { set; }

    /// <summary>Receive buffer in bytes; 0 for the system's default (<c>socket.receive.buffer.bytes</c>).</summary>
    int? ReceiveBufferBytes { set; }

    /// <summary>TCP keep-alive (<c>socket.keepalive.enable</c>). Default: false.</summary>
    bool? KeepaliveEnable { set; }

    /// <summary>Switch Nagle's algorithm off (<c>socket.nagle.disable</c>). Default: true since librdkafka 2.</summary>
    bool? NagleDisable { set; }

    /// <summary>Disconnect after this many failed requests; 0 for never (<c>socket.max.fails</c>). Default: 1.</summary>
    int? MaxFails { set; }
}
