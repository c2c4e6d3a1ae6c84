using System.Reflection;
using Coupon.Tests.Consumers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Http;

/// <summary>
/// The documents are good enough to make clients of: these compile, their types have names, and a sale can be walked through with them.
/// </summary>
public sealed class GeneratedClientTests(ApiUnderTest api, TestServers servers) : IClassFixture<ApiUnderTest>
{
    // Compiled against the generated clients: what a document does not say, or says otherwise, does not compile.
    private const string Walk = """
        using System.Net.Http;
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Threading.Tasks;

        namespace Operations
        {
            partial class Client
            {
                // As the document has it: a member of a filter is left out, and never null; an enum in a list has its name, which the generator
                // forgets.
                static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
                {
                    settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
                    settings.Converters.Add(new JsonStringEnumConverter());
                }
            }
        }

        public static class Walk
        {
            public static async Task<string[]> ThroughASaleAsync(HttpClient everybody, HttpClient operators)
            {
                var (sale, life) = (new Everybody.Client(everybody), new Operators.Client(operators));
                var created = await life.CreateCouponAsync(new Operators.CreateCouponRequest { Title = "One coffee", TotalQuantity = 1 });
                var pressed = await sale.IssueCouponAsync(created.Id, body: new Everybody.IssueRequest { UserId = 42 }, idempotency_Key: "first");
                var again = await sale.IssueCouponAsync(created.Id, body: new Everybody.IssueRequest { UserId = 42 }, idempotency_Key: "first");
                var refused = await RefusalAsync(sale.IssueCouponAsync(created.Id, body: new Everybody.IssueRequest { UserId = 43 }));
                var status = await sale.GetIssuanceAsync(created.Id, 42);
                var none = await RefusalAsync(sale.GetIssuanceAsync(created.Id, 43));
                var coupon = await sale.GetCouponAsync(created.Id);
                var balance = await life.GetBalanceAsync(created.Id);
                var newest = await life.ListCouponsAsync(limit: 1);
                var closed = await life.CloseCouponAsync(created.Id);
                var kind = await sale.ExplainProblemAsync("sold-out");
                return
                [
                    $"{created.State} {created.TotalQuantity} {created.OpensAt is null}",
                    $"{pressed.Ordinal} {pressed.UserId} {pressed.Status} {pressed.IssuanceId == again.IssuanceId}",
                    $"{refused.Code} {refused.Status} {refused.Title}",
                    $"{status.Status} {status.PersistedAt is null} {none.Code}",
                    $"{coupon.State} {coupon.Remaining} {coupon.Issued}",
                    $"{balance.AddsUp} {balance.Issued} {balance.Drift} {balance.Missing.Count}",
                    $"{newest.Items.Count}",
                    $"{closed.State} {closed.ClosedAt is null}",
                    $"{kind.Code == Everybody.ProblemCode.SoldOut} {kind.Status}",
                ];
            }

            public static async Task<string[]> ThroughThePostAsync(HttpClient operators)
            {
                var operations = new Operations.Client(operators);
                var overview = await operations.GetOverviewAsync();
                var open = await operations.ListDeadLettersAsync(state: [Operations.DeadLetterState.Open]);
                var filter = new Operations.DeadLetterFilter { States = [Operations.DeadLetterState.Open] };
                var dry = await operations.DiscardDeadLettersAsync(new Operations.DiscardBody { Filter = filter, Reason = "a look", DryRun = true });
                await operations.PauseConsumptionAsync(new Operations.PauseBody { Reason = "a look" });
                await operations.ResumeConsumptionAsync();
                string none;
                try
                {
                    none = (await operations.GetDeadLetterAsync(4711)).Summary.Cause;
                }
                catch (Operations.ApiException<Operations.OperationProblem> refusal)
                {
                    none = $"{refusal.StatusCode} {refusal.Result.Code}";
                }

                return [$"{overview.Paused} {overview.Coupons.Count}", $"{open.Count}", $"{dry.Matched} {dry.Done} {dry.Failures.Count}", none];
            }

            private static async Task<Everybody.Problem> RefusalAsync<T>(Task<T> request)
            {
                try
                {
                    await request;
                    return new Everybody.Problem();
                }
                catch (Everybody.ApiException<Everybody.Problem> refusal)
                {
                    return refusal.Result;
                }
            }
        }
        """;

    [Fact]
    public async Task A_sale_is_walked_through_at_both_doors_and_the_consumers_with_generated_clients()
    {
        await using var consumer = await ConsumerFixture.StartAsync(servers);
        using var operators = api.OperatorsClient();
        using var operations = consumer.OperatorsClient();
        string[] sources =
        [
            await GeneratedClient.GenerateAsync(await api.Http.GetStringAsync("/openapi/v1.json"), "Everybody"),
            await GeneratedClient.GenerateAsync(await operators.GetStringAsync("/openapi/v1.json"), "Operators"),
            await GeneratedClient.GenerateAsync(await operations.GetStringAsync("/openapi/v1.json"), "Operations"),
            Walk,
        ];
        string[] sold = [];
        string[] post = [];
        string[] nameless = [];

        await GeneratedClient.UseAsync(sources, async assembly =>
        {
            nameless = [.. assembly.GetTypes().Select(type => type.Name).Where(IsMadeUp).Distinct()];
            sold = await CallAsync(assembly, "ThroughASaleAsync", api.Http, operators);
            post = await CallAsync(assembly, "ThroughThePostAsync", operations);
        });

        Assert.Empty(nameless);
        Assert.Equal(
            [
                "Open 1 True",
                "1 42 Pending True",
                "SoldOut 409 Sold out",
                "Pending True NotIssued",
                "SoldOut 0 1",
                "True 1 0 0",
                "1",
                "Closed False",
                "True 409",
            ],
            sold
        );
        Assert.Equal(["False 0", "0", "0 0 0", "404 NotFound"], post);
    }

    // The generator calls a type so that has no name of its own in the document.
    private static bool IsMadeUp(string name) =>
        name.StartsWith("Anonymous", StringComparison.Ordinal)
        || name.TrimEnd("0123456789".ToCharArray()) is "Response" or "Body" or "Items" or "ResponseCode";

    private static Task<string[]> CallAsync(Assembly assembly, string walk, params object[] clients) =>
        (Task<string[]>)assembly.GetType("Walk")!.GetMethod(walk)!.Invoke(null, clients)!;
}
