using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Sale.Deployment;

namespace Coupon.Faults.Stack;

/// <summary>The calls of operators, at the doors that are theirs.</summary>
internal sealed class Operators : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(8);

    public Operators() => Http.DefaultRequestHeaders.Add("X-Operator-Key", ServiceProcess.OperatorKey);

    public HttpClient Http { get; } = new() { Timeout = _patience };

    /// <summary>Creates a coupon that is open at once, and returns its id.</summary>
    public async Task<long> CreateCouponAsync(ServiceProcess api, int stock, CancellationToken cancellationToken)
    {
        using var answer = await Http.PostAsJsonAsync(
            new Uri(api.OperatorsUrl, "/coupons"),
            new { title = "A sale with faults", totalQuantity = stock },
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetInt64();
    }

    /// <summary>Asks for something, and says in words what came of it; a call may fail while servers are away.</summary>
    public Task<string> AskAsync(ServiceProcess process, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, process, path, body, cancellationToken);

    /// <summary>Has something deleted, and says in words what came of it, as <see cref="AskAsync"/> does.</summary>
    public Task<string> DeleteAsync(ServiceProcess process, string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, process, path, null, cancellationToken);

    public void Dispose() => Http.Dispose();

    private async Task<string> SendAsync(HttpMethod method, ServiceProcess process, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(process.OperatorsUrl, path));
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await Http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return $"{(int)answer.StatusCode} {(text.Length > 300 ? text[..300] : text)}";
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"no answer: {exception.Message}";
        }
    }
}
