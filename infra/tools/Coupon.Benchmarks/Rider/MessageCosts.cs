using Coupon.Benchmarks.Measuring;

namespace Coupon.Benchmarks.Rider;

/// <summary>What a message costs each contender, round by round: CPU time and allocated bytes, as rows of the table.</summary>
internal sealed class MessageCosts(string baseline)
{
    private readonly List<(string Name, List<(double Microseconds, double Bytes)> Samples)> _contenders = [];

    public async Task MeasureAsync(IReadOnlyList<(string Name, Func<Task<(double Microseconds, double Bytes)>> Measure)> contenders, int rounds)
    {
        // The first round is a warm-up.
        foreach (var (name, measure) in contenders)
        {
            await measure();
            _contenders.Add((name, []));
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Count; i++)
                _contenders[i].Samples.Add(await contenders[i].Measure());
        }
    }

    public IReadOnlyList<Row> Rows() =>
        [.. RowsOf("µs CPU / message", sample => sample.Microseconds), .. RowsOf("bytes / message", sample => sample.Bytes)];

    private IEnumerable<Row> RowsOf(string unit, Func<(double Microseconds, double Bytes), double> figure) =>
        _contenders.Select(contender => new Row(
            contender.Name,
            unit,
            new Samples([.. contender.Samples.Select(figure)]),
            contender.Name == baseline ? null : baseline
        ));
}
