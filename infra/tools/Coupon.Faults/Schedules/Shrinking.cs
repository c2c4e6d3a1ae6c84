namespace Coupon.Faults.Schedules;

/// <summary>Drops faults from a schedule that fails, while it still fails.</summary>
internal static class Shrinking
{
    /// <summary>Tries the schedule without each of its faults in turn, and starts again where one of them was not needed.</summary>
    /// <param name="failing">A schedule that fails.</param>
    /// <param name="fails">Runs one.</param>
    /// <param name="mostRuns">After so many runs, what is left is the answer.</param>
    public static async Task<Schedule> ShrinkAsync(Schedule failing, Func<Schedule, Task<bool>> fails, int mostRuns)
    {
        var runs = 0;
        for (var index = 0; index < failing.Faults.Count && failing.Faults.Count > 1 && runs < mostRuns; )
        {
            var smaller = failing with { Faults = [.. failing.Faults.Where((_, at) => at != index)] };
            runs++;
            if (!await fails(smaller))
            {
                index++;
                continue;
            }

            failing = smaller;
            index = 0;
        }

        return failing;
    }
}
