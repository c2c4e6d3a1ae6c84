using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>The table at the end.</summary>
internal static class Report
{
    public static void Print(SaleResult result)
    {
        var (tally, audit) = (result.Tally, result.Audit);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("The sale").AddColumn(new TableColumn("").RightAligned());
        Row(table, "requests", Count(tally.Answered));
        Row(table, "accepted", Count(tally.Accepted));
        foreach (var (code, count) in tally.Refused.OrderByDescending(pair => pair.Value))
            Row(table, $"refused: {code}", Count(count));
        Row(table, "requests/s", Count((long)result.RequestsPerSecond));
        Row(table, "p50 / p95 / p99 ms", $"{Milliseconds(result, 0.5)} / {Milliseconds(result, 0.95)} / {Milliseconds(result, 0.99)}");
        table.AddEmptyRow();
        Row(table, "rows in MySQL", Count(audit.Rows));
        Row(table, "commits", Count(result.Commits));
        Row(table, "rows a commit", result.Commits == 0 ? "-" : (audit.Rows / (double)result.Commits).ToString("N1", CultureInfo.InvariantCulture));
        Row(
            table,
            "last row after the last decision",
            result.Drain is { } drain ? string.Create(CultureInfo.InvariantCulture, $"{drain.TotalSeconds:F2} s") : "-"
        );
        Row(table, "users with two rows", Count(audit.DuplicateUsers));
        var gaps = audit.Gaps.Count == 0 ? " without a gap" : $", {Count(audit.Gaps.Count)} missing";
        Row(table, "ordinals", $"1 to {Count(audit.LastOrdinal)}{gaps}");
        table.AddEmptyRow();
        var balance = audit.Balance;
        Row(table, "coupons in all", Count(balance.Total));
        Row(table, "= remaining in Redis", Count(balance.Remaining));
        Row(table, "+ in the outbox", Count(balance.Outbox));
        Row(table, "+ in Kafka", Count(balance.InKafka));
        Row(table, "+ persisted in MySQL", Count(balance.Persisted));
        Row(table, "+ open dead letters", Count(balance.OpenDeadLetters));
        Row(table, "+ voided", Count(balance.Voided));
        AnsiConsole.Write(table);

        foreach (var finding in result.Findings)
            AnsiConsole.MarkupLineInterpolated($"[red]wrong:[/] {finding}");
        AnsiConsole.MarkupLine(result.IsGood ? "[green]The books balance.[/]" : "[red]The books do not balance.[/]");
    }

    private static void Row(Table table, string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(SaleResult result, double share) =>
        result.Tally.Percentile(share, Stopwatch.Frequency).ToString("F1", CultureInfo.InvariantCulture);
}
