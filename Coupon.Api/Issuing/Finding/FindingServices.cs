namespace Coupon.Api.Issuing.Finding;

internal static class FindingServices
{
    /// <summary>Adds the answer to the question what became of an issuance.</summary>
    public static IServiceCollection AddFinding(this IServiceCollection services) =>
        services
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, StatusJson.Default))
            .AddSingleton<IssuanceFinder>();
}
