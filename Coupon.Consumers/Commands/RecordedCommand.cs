using System.Globalization;
using Coupon.Consumers.DeadLetters;
using Coupon.Hosting.Audit;

namespace Coupon.Consumers.Commands;

/// <summary>
/// What a command changes is recorded as what an operator does at the operators' door: before it begins, with its exit code at the end.
/// </summary>
internal static class RecordedCommand
{
    /// <summary>The action of a command.</summary>
    public static OperatorAction Of(string name, string actor) => new(name, actor, $"command line on {Environment.MachineName}");

    /// <exception cref="ActionNotRecordedException">It could not be recorded, and was not begun.</exception>
    public static async Task<int> RunAsync(
        IServiceProvider services,
        OperatorAction action,
        Func<Task<int>> change,
        CancellationToken cancellationToken
    )
    {
        var records = services.GetRequiredService<ActionRecords>();
        await records.BeginAsync(action, cancellationToken);
        var code = ExitCodes.Failed;
        try
        {
            return code = await change();
        }
        finally
        {
            await records.EndAsync(action, ResultOf(code));
        }
    }

    /// <summary>The same of an operation on dead letters: its result is reported, and noted.</summary>
    public static Task<int> RunAsync(
        IServiceProvider services,
        OperatorAction action,
        Func<Task<OperationResult>> change,
        string done,
        OutputFormat output,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            services,
            action,
            async () =>
            {
                var result = await change();
                action.Note = result.Words;
                return await OperationReport.ReportAsync(result, done, output);
            },
            cancellationToken
        );

    /// <summary>The result of a command.</summary>
    public static string ResultOf(int code) => string.Create(CultureInfo.InvariantCulture, $"exit {code}");
}
