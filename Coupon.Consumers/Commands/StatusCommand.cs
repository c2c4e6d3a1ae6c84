using System.CommandLine;
using System.Globalization;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Coupons;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary><c>status</c>: what MySQL knows of the service, in a few lines.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var output = CommonOptions.Output();
        var command = new Command(
            "status",
            "Whether consumption is paused, and how many coupons and dead letters there are. What an instance waits for, its /health/ready says."
        )
        {
            output,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var consumption = ConsumptionView.Of(await services.GetRequiredService<ConsumptionSwitch>().ReadAsync(cancellationToken));
                    var coupons = await services.GetRequiredService<CouponQueries>().CountAsync(cancellationToken);
                    var deadLetters = await services.GetRequiredService<DeadLetterQueries>().GroupsAsync(new DeadLetterFilter(), cancellationToken);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(
                            new
                            {
                                consumption,
                                coupons = new
                                {
                                    scheduled = coupons.GetValueOrDefault(CouponStage.Scheduled),
                                    open = coupons.GetValueOrDefault(CouponStage.Open),
                                    closed = coupons.GetValueOrDefault(CouponStage.Closed),
                                },
                                deadLetters,
                            }
                        );
                    else
                        Write(consumption, coupons, deadLetters);
                    return ExitCodes.Done;
                })
        );
        return command;
    }

    private static void Write(ConsumptionView consumption, IReadOnlyDictionary<CouponStage, long> coupons, IReadOnlyList<DeadLetterGroup> deadLetters)
    {
        Printing.WriteTable(
            ["consumption", consumption.ToString()],
            Enum.GetValues<CouponStage>()
                .Select(stage => (string[])[$"coupons, {stage.ToString().ToLowerInvariant()}", Text(coupons.GetValueOrDefault(stage))])
        );
        if (deadLetters.Count > 0)
            GroupsCommand.Write(deadLetters);
        else
            Console.Out.WriteLine("There is no dead letter.");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
