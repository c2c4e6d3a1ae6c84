using System.Text;
using System.Text.Json;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Pages;

/// <summary>
/// The dead letters of a filter as a file, oldest first. It is sent while it is read, a slice at a time, so that neither all of it is in memory nor a
/// statement runs as long as the slowest reader.
/// </summary>
internal static class DeadLetterExport
{
    private const int Slice = 500;

    /// <summary>An object a line, with payload and headers (https://jsonlines.org).</summary>
    public static PushStreamHttpResult JsonLines(
        [AsParameters] DeadLetterQueryString query,
        DeadLetterQueries queries,
        IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json,
        CancellationToken cancellationToken
    )
    {
        var filter = query.ToFilter();
        return File(
            "application/jsonl",
            "dead-letters.jsonl",
            queries,
            filter,
            header: null,
            letter => JsonSerializer.Serialize(letter, json.Value.SerializerOptions) + "\n",
            cancellationToken
        );
    }

    /// <summary>A line each, without key and headers (RFC 4180).</summary>
    public static PushStreamHttpResult Csv([AsParameters] DeadLetterQueryString query, DeadLetterQueries queries, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        return File(
            "text/csv; charset=utf-8",
            "dead-letters.csv",
            queries,
            filter,
            CsvLine.Of(ExportedLetter.Columns),
            letter => CsvLine.Of(letter.Cells()),
            cancellationToken
        );
    }

    private static PushStreamHttpResult File(
        string contentType,
        string name,
        DeadLetterQueries queries,
        DeadLetterFilter filter,
        string? header,
        Func<ExportedLetter, string> line,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Stream(
            async stream =>
            {
                // The first slice before anything is sent: a server that is away is then a page that says so.
                var letters = await queries.RowsAsync(filter, new DeadLetterSlice(0, Slice), cancellationToken);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(header ?? ""), cancellationToken);
                while (letters.Count > 0)
                {
                    var lines = new StringBuilder();
                    foreach (var letter in letters)
                        lines.Append(line(ExportedLetter.Of(letter)));
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken);
                    letters =
                        letters.Count < Slice ? [] : await queries.RowsAsync(filter, new DeadLetterSlice(letters[^1].Id, Slice), cancellationToken);
                }
            },
            contentType,
            name
        );
}
