using System.CommandLine;

namespace Coupon.Benchmarks;

/// <summary>Options that are counts. Zero and less are refused before anything starts.</summary>
internal static class SizeOption
{
    public static Option<int> Create(string name, int size, string description, int minimum = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => size };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < minimum)
                result.AddError($"{name} must be at least {minimum}.");
        });
        return option;
    }
}
