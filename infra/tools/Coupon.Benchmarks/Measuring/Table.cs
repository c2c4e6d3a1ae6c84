using System.Text;

namespace Coupon.Benchmarks.Measuring;

/// <summary>The rows of one question.</summary>
/// <param name="Title">The question, as a heading.</param>
/// <param name="Rows">Baselines and the rows compared with them, measured in turn.</param>
/// <param name="Notes">What a reader must know to believe the figures: load, sizes, foreign CPU.</param>
internal sealed record Table(string Title, IReadOnlyList<Row> Rows, IReadOnlyList<string> Notes)
{
    public double? Ratio(Row row) =>
        Rows.FirstOrDefault(other => other.Name == row.Baseline && other.Unit == row.Unit) is { } baseline
            ? row.Samples.RatioTo(baseline.Samples)
            : null;

    public string ToMarkdown()
    {
        var text = new StringBuilder()
            .Append("### ")
            .AppendLine(Title)
            .AppendLine()
            .AppendLine("| what | unit | min / **median** / max | ratio to its baseline |")
            .AppendLine("|---|---|---|---|");
        foreach (var row in Rows)
        {
            var ratio = Ratio(row) is { } value ? $"{Samples.Figure(value)} × {row.Baseline}" : "";
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"| {row.Name} | {row.Unit} | {row.Samples} | {ratio} |");
        }

        text.AppendLine();
        foreach (var note in Notes)
            text.Append("- ").AppendLine(note);
        return text.ToString();
    }
}
