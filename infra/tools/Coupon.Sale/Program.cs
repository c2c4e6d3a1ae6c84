using Coupon.Arguments;
using Coupon.Sale;
using Spectre.Console;

// A log has no width to fit into.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 200;

return await CommandRun.RunAsync(SaleCommandLine.Root(), args);
