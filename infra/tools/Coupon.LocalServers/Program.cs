using Coupon.LocalServers;

// This library is also a program: it starts itself for the mock cluster, which needs its own process so that a test can kill it, and people start it
// to get servers to develop against.
return args switch
{
    ["mock-kafka", var brokers] => MockClusterConsole.TryCount(brokers, out var count)
        ? MockClusterConsole.Run(count)
        : Refuse($"BROKERS must be a whole number from 1 to {MockClusterConsole.MostBrokers}, not '{brokers}'."),
    ["start", .. var names] => StandaloneServers.FirstUnknown(names) is { } unknown
        ? Refuse($"A server must be one of {string.Join(", ", StandaloneServers.Known)}, not '{unknown}'.")
        : await StandaloneServers.RunAsync(names),
    ["--help" or "-h" or "help"] => Help(),
    [] => Refuse("A command is missing."),
    [var command, ..] => Refuse($"There is no command '{command}' with these arguments."),
};

static int Help()
{
    Console.WriteLine("usage: Coupon.LocalServers start [redis] [kafka] [mysql] | mock-kafka BROKERS");
    return 0;
}

static int Refuse(string fault)
{
    Console.Error.WriteLine($"Coupon.LocalServers: {fault} See Coupon.LocalServers --help.");
    return 2;
}
