using System.CommandLine;
using Coupon.Arguments;
using Coupon.Hosting.Operators;

namespace Coupon.Consumers.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    private static readonly string[] _formats = ["table", "json"];

    public static ValueOption<OutputFormat> Output() =>
        new("--output", Values.Choice(_formats, name => name == "json" ? OutputFormat.Json : OutputFormat.Table), "-o")
        {
            Description = "The data as a table (default) or as JSON.",
        };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Count the matching entries; change nothing." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    public static ValueOption<int?> Limit() =>
        new("--limit", Values.Optional(Values.Whole(1, int.MaxValue))) { Description = "Entries at most, oldest first." };

    /// <summary>The most entries of a list.</summary>
    /// <param name="size">The default of the option.</param>
    public static ValueOption<int> Limit(int size) =>
        new("--limit", Values.Whole(1, int.MaxValue)) { Description = "Entries at most.", DefaultValueFactory = _ => size };

    /// <summary>A coupon by its id; without the option, none.</summary>
    public static ValueOption<long?> Coupon(string description) =>
        new("--coupon", Values.Optional(Values.Whole(1, long.MaxValue))) { Description = description };

    public static ValueOption<string> By() =>
        new("--by", Values.Text("a name that the audit can keep", OperatorName.FindFault))
        {
            Description = "Your name, for the audit.",
            DefaultValueFactory = _ => NameOfUser(),
        };

    // A container may run under a number that has no name.
    private static string NameOfUser() => OperatorName.FindFault(Environment.UserName) is null ? Environment.UserName : "operator";
}
