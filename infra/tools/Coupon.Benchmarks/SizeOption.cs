using System.CommandLine;
using Coupon.Arguments;

namespace Coupon.Benchmarks;

/// <summary>Options that are counts. What is out of range is refused before anything starts.</summary>
internal static class SizeOption
{
    public static Option<int> Create(string name, int size, int most, string description) => Create(name, size, Values.Whole(1, most), description);

    public static Option<int> Create(string name, int size, Accepted<int> accepted, string description) =>
        new ValueOption<int>(name, accepted) { Description = description, DefaultValueFactory = _ => size };
}
