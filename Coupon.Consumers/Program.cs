using Coupon.Consumers;

// No command: consume until stopped. A command (migrate, dead-letters …): do it and exit.
return ConsumerHost.IsMeantBy(args) ? await ConsumerHost.RunAsync(args) : await CommandLine.RunAsync(args);
