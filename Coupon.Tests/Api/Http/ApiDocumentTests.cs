using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Http;

public sealed class ApiDocumentTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task The_document_is_the_reviewed_one() =>
        await Snapshot.AssertAsync(Path.Combine("Api", "Http", "openapi.json"), (await api.GetAsync("/openapi/v1.json")).Json);
}
