using System.Text.Json;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Http;

public sealed class ApiDocumentTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task The_document_equals_the_reviewed_one() =>
        await Snapshot.AssertAsync(Path.Combine("Api", "Http", "openapi.json"), (await api.GetAsync("/openapi/v1.json")).Json);

    [Fact]
    public async Task The_operators_document_equals_the_reviewed_one()
    {
        using var operators = api.OperatorsClient();

        var document = JsonDocument.Parse(await operators.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        await Snapshot.AssertAsync(Path.Combine("Api", "Http", "openapi.operators.json"), document.RootElement);
    }
}
