using System.Globalization;
using Coupon.LocalStack;

// A library that can also be started: by itself for the mock cluster, which needs a process that can be killed alone, and by hand for servers to work against.
return args switch
{
    ["mock-kafka", var brokers] => MockClusterConsole.Run(int.Parse(brokers, CultureInfo.InvariantCulture)),
    ["start", .. var names] => await StandaloneServers.RunAsync(names),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Coupon.LocalStack start [redis] [kafka] [mysql] | mock-kafka BROKERS");
    return 2;
}
