using System.Runtime.InteropServices;
using System.Text;

namespace Coupon.LocalServers;

/// <summary>librdkafka's mock cluster inside this process: it answers other processes over loopback, in memory, until the process ends.</summary>
internal sealed class MockCluster
{
    private const int TopicExists = 36;

    private readonly nint _cluster;
    private readonly int _brokers;

    public MockCluster(int brokers)
    {
        var error = new byte[512];
        var configuration = MockClusterLibrary.NewConfiguration();

        // The client is only there to carry the cluster; that it has no bootstrap servers is not worth a warning.
        _ = MockClusterLibrary.Set(configuration, "log_level", "3", error, (nuint)error.Length);
        var client = MockClusterLibrary.NewClient(MockClusterLibrary.Producer, configuration, error, (nuint)error.Length);
        if (client == 0)
            throw new InvalidOperationException($"librdkafka does not start: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        _cluster = MockClusterLibrary.NewCluster(client, brokers);
        _brokers = brokers;
        MockClusterLibrary.SetInitialRebalanceDelay(_cluster, 0);
    }

    public string BootstrapServers => Marshal.PtrToStringUTF8(MockClusterLibrary.Bootstraps(_cluster))!;

    /// <summary>Zero, or librdkafka's error code.</summary>
    public int CreateTopic(string topic, int partitions)
    {
        var error = MockClusterLibrary.CreateTopic(_cluster, topic, partitions, replicationFactor: _brokers);
        return error == TopicExists ? 0 : error;
    }

    public int SetBrokerDown(int broker) => MockClusterLibrary.SetBrokerDown(_cluster, broker);

    public int SetBrokerUp(int broker) => MockClusterLibrary.SetBrokerUp(_cluster, broker);

    public int SetRoundTrip(int broker, int milliseconds) => MockClusterLibrary.SetRoundTrip(_cluster, broker, milliseconds);

    /// <summary>The next requests of a kind are answered with these errors, one each.</summary>
    public int PushRequestErrors(short apiKey, int[] errors)
    {
        MockClusterLibrary.PushRequestErrors(_cluster, apiKey, (nuint)errors.Length, errors);
        return 0;
    }

    /// <summary>Takes back what is left of them.</summary>
    public int ClearRequestErrors(short apiKey)
    {
        MockClusterLibrary.ClearRequestErrors(_cluster, apiKey);
        return 0;
    }
}
