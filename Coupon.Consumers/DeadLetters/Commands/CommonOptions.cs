using System.CommandLine;
using System.Globalization;
using Coupon.Database;

namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<OutputFormat> Output() => new("--output", "-o") { Description = "table or json." };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Only say how many are meant; change nothing." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    public static Option<int?> Limit() => AboveZero(new Option<int?>("--limit") { Description = "Entries at most, oldest first." });

    public static Option<string> By()
    {
        var by = new Option<string>("--by") { Description = "Who does this, for the audit.", DefaultValueFactory = _ => Environment.UserName };
        by.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>()?.Length > DeadLetterAuditRow.MaxActorLength)
                result.AddError($"{by.Name} must have at most {DeadLetterAuditRow.MaxActorLength} characters.");
        });
        return by;
    }

    /// <summary>Refuses a number that is 0 or below; one that is not given is none.</summary>
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
