using System.Text.Json;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Clients;

/// <summary>Asks every process how it is, twice a second, and notices a process that has ended by itself.</summary>
internal sealed class HealthWatch(FaultyService service, Operators operators, History history)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Until cancelled.</summary>
    public Task WatchAsync(CancellationToken enough) => Task.WhenAll(Names.Processes.Select(process => WatchAsync(process, enough)));

    /// <summary>One reading.</summary>
    public async Task<HealthReading> ReadAsync(string process, CancellationToken cancellationToken)
    {
        var at = history.Now;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_patience);
        try
        {
            using var answer = await operators.Http.GetAsync(new Uri(service.Processes[process].OperatorsUrl, "/health/ready"), timeout.Token);
            var text = await answer.Content.ReadAsStringAsync(timeout.Token);
            using var body = JsonDocument.Parse(text);
            return new HealthReading(at, process, (int)answer.StatusCode, body.RootElement.GetProperty("status").GetString()!, text);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
        {
            return new HealthReading(at, process, 0, "", "");
        }
    }

    private async Task WatchAsync(string process, CancellationToken enough)
    {
        var (last, hasCrashed) = ("", false);
        while (!enough.IsCancellationRequested)
        {
            if (!hasCrashed && !service.Ends.Expects(process) && service.Processes[process].HasExited && !service.Ends.Expects(process))
            {
                hasCrashed = true;
                history.Crashes.Enqueue(new Note(history.Now, $"{process} ended by itself, with code {service.Processes[process].ExitCode}."));
            }

            var reading = await ReadAsync(process, enough);
            if (!enough.IsCancellationRequested)
                history.Health.Enqueue(reading);
            if (reading.Text != last)
                history.Say($"{process} is {(reading.Text.Length == 0 ? "silent" : reading.Details)}");
            last = reading.Text;
            await Pauses.TakeAsync(_pause, enough);
        }
    }
}
