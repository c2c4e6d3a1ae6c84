using System.CommandLine;

// One subcommand a question; each prints its table, as Markdown and as JSON.
var root = new RootCommand("Measures the coupon service against its baselines, in one run, on this machine.");

return await root.Parse(args).InvokeAsync();
