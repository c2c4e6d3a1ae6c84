using System.CommandLine;

namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<OutputFormat> Output() => new("--output", "-o") { Description = "table or json." };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Only say how many are meant; change nothing." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    public static Option<int?> Limit()
    {
        var limit = new Option<int?>("--limit") { Description = "Entries at most, oldest first." };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is <= 0)
                result.AddError("--limit must be above 0.");
        });
        return limit;
    }

    public static Option<string> By() => new("--by") { Description = "Who does this, for the audit.", DefaultValueFactory = _ => Environment.UserName };
}
