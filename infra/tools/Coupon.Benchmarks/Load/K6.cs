using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Load;

/// <summary>Runs the flash sale of <c>k6-scenarios</c> through <c>infra/load</c> and reads its summary.</summary>
internal static class K6
{
    /// <param name="instances">The instances of the API.</param>
    /// <param name="operators">The operators' door of one of them.</param>
    /// <param name="options">The sizes.</param>
    /// <param name="cancellationToken">Stops waiting; Ctrl-C in the terminal reaches k6 itself.</param>
    /// <returns>The coupon that k6 created, and what its clients saw.</returns>
    /// <exception cref="InvalidOperationException">There is no k6, or a threshold was broken.</exception>
    public static async Task<(long CouponId, LoadFigures Figures)> RunAsync(
        IEnumerable<Uri> instances,
        Uri operators,
        SaleOptions options,
        CancellationToken cancellationToken
    )
    {
        var summary = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("infra/load", ["flash-sale"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["BASE_URL"] = string.Join(',', instances.Select(url => url.ToString().TrimEnd('/')));
            start.Environment["OPERATORS_URL"] = operators.ToString().TrimEnd('/');
            start.Environment["OPERATOR_KEY"] = ServiceProcess.OperatorKey;
            start.Environment["SUMMARY"] = summary;
            start.Environment["STOCK"] = Text(options.Stock);
            start.Environment["CLIENTS"] = Text(options.Clients);
            start.Environment["USERS_PER_CLIENT"] = Text(options.Users / options.Clients);
            start.Environment["PRESSES"] = Text(options.RequestsPerUser);
            var before = ProcessorTime.OfEndedChildren();
            using var k6 = Process.Start(start)!;
            using var passedOn = Termination.PassOnTo(k6);
            var output = await Task.WhenAll(k6.StandardOutput.ReadToEndAsync(cancellationToken), k6.StandardError.ReadToEndAsync(cancellationToken));
            await k6.WaitForExitAsync(cancellationToken);
            if (k6.ExitCode != 0)
                throw new InvalidOperationException($"infra/load ended with {k6.ExitCode}:\n{string.Concat(output)}");
            return Read(await File.ReadAllTextAsync(summary, cancellationToken), ProcessorTime.OfEndedChildren() - before);
        }
        finally
        {
            File.Delete(summary);
        }
    }

    private static (long CouponId, LoadFigures Figures) Read(string summary, double processorSeconds)
    {
        using var document = JsonDocument.Parse(summary);
        var metrics = document.RootElement.GetProperty("metrics");
        var presses = Of("coupon_issued", "count") + Of("coupon_refused", "count");
        return (
            document.RootElement.GetProperty("setup_data").GetProperty("id").GetInt64(),
            new LoadFigures(presses / Of("coupon_load_seconds", "value"), Latency("med"), Latency("p(95)"), Latency("p(99)"), processorSeconds)
        );

        double Of(string metric, string value) => metrics.GetProperty(metric).GetProperty("values").GetProperty(value).GetDouble();
        double Latency(string value) => Of("http_req_duration{name:issue}", value);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
