using System.CommandLine;
using System.Globalization;
using Coupon.Hosting.Operators;

namespace Coupon.Consumers.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<OutputFormat> Output() => new("--output", "-o") { Description = "table or json." };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Count the matching entries; change nothing." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    public static Option<int?> Limit() => AboveZero(new Option<int?>("--limit") { Description = "Entries at most, oldest first." });

    public static Option<string> By()
    {
        var by = new Option<string>("--by") { Description = "Your name, for the audit.", DefaultValueFactory = _ => NameOfUser() };
        by.Validators.Add(result =>
        {
            if (OperatorName.FindFault(result.GetValueOrDefault<string>()) is { } fault)
                result.AddError($"{by.Name} {fault}.");
        });
        return by;
    }

    // A container may run under a number that has no name.
    private static string NameOfUser() => OperatorName.FindFault(Environment.UserName) is null ? Environment.UserName : "operator";

    /// <summary>Refuses a number of 0 or below. The option may be left out.</summary>
    public static Option<T> AboveZero<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && Convert.ToDouble(value, CultureInfo.InvariantCulture) <= 0)
                result.AddError($"{option.Name} must be above 0.");
        });
        return option;
    }
}
