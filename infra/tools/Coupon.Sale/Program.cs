using System.CommandLine;
using Coupon.Sale;
using Coupon.Sale.Load;
using Spectre.Console;

// A log has no width to fit into.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 200;

var users = Size("--users", 10_000, "How many users want a coupon.");
var requests = Size("--requests", 3, "How many requests each user sends.");
var stock = Size("--stock", 1_000, "How many coupons there are.");
var instances = Size("--instances", 2, "How many instances of the API.");
var clients = Size("--clients", 200, "How many clients send requests at the same time.");
var stay = new Option<bool>("--stay") { Description = "Leave everything running afterwards and print the addresses." };

var command = new RootCommand("Starts the servers and the service, runs a simulated flash sale over HTTP, and prints whether the books balance.")
{
    users,
    requests,
    stock,
    instances,
    clients,
    stay,
};
command.SetAction(
    (result, cancellationToken) =>
        SaleCommand.RunAsync(
            new SaleOptions(
                result.GetValue(users),
                result.GetValue(requests),
                result.GetValue(stock),
                result.GetValue(instances),
                result.GetValue(clients),
                result.GetValue(stay)
            ),
            cancellationToken
        )
);

var program = new Argument<string[]>("command")
{
    Description = "The program to run, with its arguments. Its variable BASE_URL names the instances.",
    Arity = ArgumentArity.OneOrMore,
};
var serve = new Command("serve", "Starts the servers and the service, runs a program against them, and stops them when it ends.")
{
    instances,
    program,
};
serve.SetAction((result, cancellationToken) => ServeCommand.RunAsync(result.GetValue(instances), result.GetValue(program)!, cancellationToken));
command.Add(serve);

// By default Ctrl-C ends the process after two seconds; an orderly stop of the servers may take longer.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static Option<int> Size(string name, int size, string description)
{
    var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => size };
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1)
            result.AddError($"{name} must be at least 1.");
    });
    return option;
}
