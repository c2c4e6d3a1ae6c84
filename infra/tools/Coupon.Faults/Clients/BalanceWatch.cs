using System.Globalization;
using System.Text.Json;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Clients;

/// <summary>Reads balances, from one instance after the other, and what MySQL has before and afterwards.</summary>
internal sealed class BalanceWatch(FaultyService service, Operators operators, RecordsInMySql database, long couponId, History history)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Until cancelled.</summary>
    public async Task WatchAsync(CancellationToken enough)
    {
        for (var turn = 0; !enough.IsCancellationRequested; turn++)
        {
            if (await TryReadAsync(Names.Apis[turn % Names.Apis.Count], enough) is { } reading)
                history.Balances.Enqueue(reading);
            await Pauses.TakeAsync(_pause, enough);
        }
    }

    /// <summary>One reading; null: the instance does not answer, or says that it cannot.</summary>
    public async Task<BalanceReading?> TryReadAsync(string instance, CancellationToken cancellationToken)
    {
        var at = history.Now;
        var told = history.Answers.Where(answer => answer.Tells).Select(answer => answer.Ordinal).Distinct().Count();
        try
        {
            var before = await database.TryCountRowsAsync(cancellationToken);
            var path = string.Create(CultureInfo.InvariantCulture, $"/coupons/{couponId}/balance");
            using var answer = await operators.Http.GetAsync(new Uri(service.Processes[instance].OperatorsUrl, path), cancellationToken);
            if (!answer.IsSuccessStatusCode)
                return null;
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            history.Say($"{instance} | balance asked for at {at.TotalSeconds:F3}: {text}");
            using var body = JsonDocument.Parse(text);
            var places = Coupon.Sale.Books.Balance.From(body.RootElement);
            return new BalanceReading(
                at,
                instance,
                body.RootElement.GetProperty("addsUp").GetBoolean(),
                places.Total,
                places.Remaining,
                places.Sum,
                places.Persisted,
                places.Outbox + places.InKafka,
                before,
                await database.TryCountRowsAsync(cancellationToken),
                told
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
