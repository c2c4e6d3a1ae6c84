using System.Diagnostics;
using System.Net.Sockets;

namespace Coupon.Sale.Load;

/// <summary>
/// The clients of the sale. Each plays its share of the users, one after the other, and sends all requests of a user. These go to different instances
/// in turn, so that the rule of one coupon for each user is not tested within one process only.
/// </summary>
internal sealed class Crowd(IReadOnlyList<Uri> instances, long couponId, SaleOptions options)
{
    public Tally Tally { get; } = new(options.Requests);

    /// <summary>Sends all requests of all users.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> RushAsync(CancellationToken cancellationToken)
    {
        var connections = await ConnectAsync(cancellationToken);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var clients = Enumerable.Range(0, options.Clients);
            await Task.WhenAll(clients.Select(client => Task.Run(() => PressAsync(client, connections[client], cancellationToken))));
            return Stopwatch.GetElapsedTime(started);
        }
        finally
        {
            foreach (var connection in connections.SelectMany(each => each))
                connection.Dispose();
        }
    }

    private async Task PressAsync(int client, IssuanceConnection[] connections, CancellationToken cancellationToken)
    {
        for (long userId = client + 1; userId <= options.Users; userId += options.Clients)
        {
            for (var press = 0; press < options.RequestsPerUser; press++)
            {
                var started = Stopwatch.GetTimestamp();
                try
                {
                    var answer = await connections[(client + press) % connections.Length].AskAsync(userId, cancellationToken);
                    var now = Stopwatch.GetTimestamp();
                    Tally.Add(userId, answer, now - started, now);
                }
                catch (Exception exception) when (exception is IOException or SocketException)
                {
                    Tally.AddFailure(exception);
                }
            }
        }
    }

    private Task<IssuanceConnection[][]> ConnectAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Enumerable
                .Range(0, options.Clients)
                .Select(_ => Task.WhenAll(instances.Select(api => IssuanceConnection.OpenAsync(api, couponId, cancellationToken))))
        );
}
