using System.Text.Json;

namespace Coupon.Tests.Api.Http;

/// <summary>
/// The API document is a reviewed file: a change of the API shows in a review as a change of it. <c>COUPON_UPDATE_SNAPSHOTS=1</c> writes it anew.
/// </summary>
public sealed class ApiDocumentTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_document_is_the_reviewed_one()
    {
        var document = JsonSerializer.Serialize((await api.GetAsync("/openapi/v1.json")).Json, Indented) + "\n";
        var reviewed = Path.Combine(SourceFolder(), "Coupon.Tests", "Api", "Http", "openapi.json");
        if (Environment.GetEnvironmentVariable("COUPON_UPDATE_SNAPSHOTS") == "1") await File.WriteAllTextAsync(reviewed, document);

        Assert.Equal(await File.ReadAllTextAsync(reviewed), document);
    }

    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coupon.MassTransit.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
