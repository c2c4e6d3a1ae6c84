using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>
/// The pages with 500 coupons and 50,000 dead letters. A time would say more of the machine than of the pages: the statements of each are counted,
/// <see cref="FullLedgerTests"/> counts the rows that they read. The times of a run are in its output.
/// </summary>
public sealed class FullConsoleTests(TestServers servers, ITestOutputHelper output)
{
    // With the settings of each session, and far fewer than there are coupons on a page (50).
    private const int MostStatements = 20;

    private const int MostCharacters = 400_000;

    [Fact]
    public async Task Each_page_is_a_few_statements_however_much_there_is()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await FullLedger.FillAsync(fixture.Settings.MySql);
        using var console = await ConsoleClient.SignInAsync(fixture);
        using var statements = new StatementsOfRequests();
        string[] pages =
        [
            "/console",
            "/console?coupons=all&before=251",
            "/console?q=no.+4&coupons=all",
            "/console/coupons/17",
            "/console/dead-letters?state=Open",
            "/console/dead-letters?order=oldest&state=Open",
            "/console/dead-letters?text=is+refused",
            "/console/dead-letters?text=in+no+letter",
            "/console/dead-letters?coupon=17&state=Open",
            "/console/dead-letters?state=Open&after=25000",
            "/console/dead-letters/groups",
            "/console/dead-letters/4711",
            "/console/dead-letters/replay?state=Open",
            "/console/dead-letters/discard?state=Open&cause=over-issued",
            "/console/operations",
            "/console/actions",
        ];

        foreach (var page in pages)
        {
            // The first look compiles; the second is what an operator has all day.
            await console.GetAsync(page);
            var begun = Stopwatch.GetTimestamp();
            var (answer, count) = await statements.OfAsync(() => console.GetAsync(page));
            output.WriteLine($"{Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 6:F0} ms {count, 3} statements {answer.Body.Length, 7} {page}");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.True(count is > 0 and <= MostStatements, $"{page}: {count} statements");
            Assert.InRange(answer.Body.Length, 1, MostCharacters);
        }
    }

    /// <summary>Counts the statements that MySqlConnector sends within a request, by the trace that the client begins.</summary>
    private sealed class StatementsOfRequests : IDisposable
    {
        private readonly ConcurrentDictionary<ActivityTraceId, int> _counts = new();
        private readonly ActivityListener _listener;

        public StatementsOfRequests()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "MySqlConnector" or "Microsoft.AspNetCore",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
                ActivityStarted = activity =>
                {
                    if (activity.OperationName == "Execute")
                        _counts.AddOrUpdate(activity.TraceId, 1, (_, count) => count + 1);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public async Task<(T Answer, int Count)> OfAsync<T>(Func<Task<T>> request)
        {
            using var trace = new Activity("look").SetIdFormat(ActivityIdFormat.W3C).Start();
            var answer = await request();
            return (answer, _counts.GetValueOrDefault(trace.TraceId));
        }

        public void Dispose() => _listener.Dispose();
    }
}
