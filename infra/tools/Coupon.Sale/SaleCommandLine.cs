using System.CommandLine;
using Coupon.Arguments;
using Coupon.Sale.Load;

namespace Coupon.Sale;

/// <summary>The command line of <c>infra/run</c>, and <c>serve</c> of <c>infra/load</c>.</summary>
internal static class SaleCommandLine
{
    /// <summary>All commands.</summary>
    public static RootCommand Root()
    {
        // Each request is remembered, some hundred bytes with its seat.
        var users = Size("--users", 10_000, 1_000_000, "How many users want a coupon.");
        var requests = Size("--requests", 3, 100, "How many requests each user sends.");
        // The most that the API takes.
        var stock = Size("--stock", 1_000, 1_000_000_000, "How many coupons there are.");
        var instances = Size("--instances", 2, 64, "How many instances of the API.");
        var clients = Size("--clients", 200, 10_000, "How many clients send requests at the same time.");
        var stay = new Option<bool>("--stay")
        {
            Description = "Leave everything running afterwards, with a page to press at and the console, and print the addresses.",
        };

        var root = new RootCommand("Starts the servers and the service, runs a simulated flash sale over HTTP, and prints whether the books balance.")
        {
            users,
            requests,
            stock,
            instances,
            clients,
            stay,
        };
        root.SetAction(
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
        root.Add(Serve(instances));
        return root;
    }

    private static Command Serve(Option<int> instances)
    {
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
        serve.SetAction(
            (result, cancellationToken) => ServeCommand.RunAsync(result.GetValue(instances), result.GetValue(program)!, cancellationToken)
        );
        return serve;
    }

    private static ValueOption<int> Size(string name, int size, int most, string description) =>
        new(name, Values.Whole(1, most)) { Description = description, DefaultValueFactory = _ => size };
}
