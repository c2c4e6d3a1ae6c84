using System.Text.Json;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>
/// The OpenAPI document of the operators' API is a reviewed file. <c>COUPON_UPDATE_SNAPSHOTS=1</c> writes it anew.
/// </summary>
public sealed class OperationsDocumentTests(TestServers servers)
{
    [Fact]
    public async Task The_document_is_the_reviewed_one()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = fixture.OperatorsClient();

        var document = await http.GetStringAsync("/openapi/v1.json", ConsumerFixture.Stop);

        await Snapshot.AssertAsync(Path.Combine("Consumers", "Operators", "openapi.json"), JsonDocument.Parse(document).RootElement);
    }
}
