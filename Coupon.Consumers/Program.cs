using Coupon.Consumers;
using Coupon.Consumers.Commands;

// Without a command, the process consumes until it is stopped. With one (migrate, dead-letters …) it runs the command and exits.
return ConsumerHost.IsRequestedBy(args) ? await ConsumerHost.RunAsync(args) : await CommandLine.RunAsync(args);
