using Coupon.Consumers.Consumption;

namespace Coupon.Consumers.Commands;

/// <summary>Sets the switch of consumption, and reports what it is now.</summary>
internal static class ConsumptionChange
{
    /// <param name="name">The command, for the audit.</param>
    /// <param name="paused">Whether consumption is to stand still.</param>
    /// <param name="reason">The operator's reason; null: none.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="output">The format of the data.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<int> RunAsync(
        string name,
        bool paused,
        string? reason,
        string actor,
        OutputFormat output,
        CancellationToken cancellationToken
    ) =>
        CommandServices.RunAsync(services =>
            RecordedCommand.RunAsync(
                services,
                RecordedCommand.Of(name, actor),
                async () =>
                {
                    var consumption = services.GetRequiredService<ConsumptionSwitch>();
                    await consumption.SetAsync(paused, reason, actor, cancellationToken);
                    if (output == OutputFormat.Json)
                        Printing.WriteJson(ConsumptionView.Of(await consumption.ReadAsync(cancellationToken)));
                    await Console.Error.WriteLineAsync($"Consumption {(paused ? "stops" : "goes on")} in all instances within about a second.");
                    return ExitCodes.Done;
                },
                cancellationToken
            )
        );
}
