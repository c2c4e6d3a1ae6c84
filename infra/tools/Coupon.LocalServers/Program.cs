using System.Globalization;
using Coupon.LocalServers;

// This library is also a program: it starts itself for the mock cluster, which needs its own process so that a test can kill it, and people start it
// to get servers to develop against.
return args switch
{
    ["mock-kafka", var brokers] => MockClusterConsole.Run(int.Parse(brokers, CultureInfo.InvariantCulture)),
    ["start", .. var names] => await StandaloneServers.RunAsync(names),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Coupon.LocalServers start [redis] [kafka] [mysql] | mock-kafka BROKERS");
    return 2;
}
