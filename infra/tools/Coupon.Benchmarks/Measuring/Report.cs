using System.Text.Encodings.Web;
using System.Text.Json;

namespace Coupon.Benchmarks.Measuring;

/// <summary>Writes tables: Markdown to the console, Markdown and JSON into a folder.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="folder">Where <c>NAME.md</c> and <c>NAME.json</c> go; made where it is missing.</param>
    /// <param name="name">Of the files.</param>
    /// <param name="table">What was measured.</param>
    public static async Task WriteAsync(string folder, string name, Table table)
    {
        var markdown = table.ToMarkdown();
        Console.WriteLine(markdown);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".md"), markdown);
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(Facts(table), _json));
    }

    private static object Facts(Table table) =>
        new
        {
            table.Title,
            table.Notes,
            Rows = table.Rows.Select(row => new
            {
                row.Name,
                row.Unit,
                row.Samples.Min,
                row.Samples.Median,
                row.Samples.Max,
                row.Samples.Rounds,
                row.Baseline,
                Ratio = table.Ratio(row),
            }),
        };
}
