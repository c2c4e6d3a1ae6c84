using Coupon.Arguments;
using Coupon.Benchmarks.Commands;

return await CommandRun.RunAsync(BenchmarkCommandLine.Root(), args);
