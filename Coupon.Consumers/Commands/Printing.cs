using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Hosting.Http;
using Spectre.Console;

namespace Coupon.Consumers.Commands;

/// <summary>Writes data to standard output, as a table or as JSON.</summary>
internal static class Printing
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Names and reasons as they were written: the reader is a person or a program, not a page. Control characters stay escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells, as text: neither markup nor commands to a terminal are interpreted in them.</param>
    public static void WriteTable(string[] columns, IEnumerable<string[]> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        // For a pipe, Spectre.Console assumes 80 columns and would cut the table.
        if (Console.IsOutputRedirected)
            console.Profile.Width = 400;
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(PlainText.Neutralize(cell, keepLines: true))));
        console.Write(table);
    }

    public static string Time(DateTime? time) => time is { } known ? Time(known) : "–";

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
