using System.Text.Json;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>
/// The document of the operators' API is a reviewed file, as that of the API is. <c>COUPON_UPDATE_SNAPSHOTS=1</c> writes it anew.
/// </summary>
public sealed class OperationsDocumentTests(TestServers servers)
{
    [Fact]
    public async Task The_document_is_the_reviewed_one()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        using var http = new HttpClient();

        var document = await http.GetStringAsync(new Uri(bench.OperatorsUrl + "/openapi/v1.json"), ConsumerBench.Stop);

        await Snapshot.AssertAsync(Path.Combine("Consumers", "Operators", "openapi.json"), JsonDocument.Parse(document).RootElement);
    }
}
