using Coupon.Arguments;
using Coupon.Faults.Commands;

return await CommandRun.RunAsync(FaultsCommandLine.Root(), args);
