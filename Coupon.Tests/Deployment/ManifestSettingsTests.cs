namespace Coupon.Tests.Deployment;

/// <summary>
/// Every variable of the manifests is a setting that the program of its container reads. A misspelled one would be ignored without a word.
/// </summary>
public sealed class ManifestSettingsTests
{
    public static TheoryData<string> All => Kustomizations.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_variable_is_a_setting_of_its_program(string kustomization)
    {
        var manifests = await Manifests.OfAsync(kustomization);
        foreach (var pod in manifests.Pods)
        {
            var variables = manifests.EnvironmentOf(pod.Container, SecretsOfNobody.Of);

            // The base says nothing of the users, which the API refuses.
            if (kustomization == Kustomizations.Base && pod.Program == ProgramOfPod.Api)
                variables["Auth__AllowAnonymous"] = "true";

            Assert.Empty(await KnownSettings.UnknownAsync(pod.Program, variables));
        }
    }

    [Theory]
    [InlineData(nameof(ProgramOfPod.Api), "Limits__WaitingPress", "Limits:WaitingPress")]
    [InlineData(nameof(ProgramOfPod.Api), "Batch__MessageLimit", "Batch:MessageLimit")]
    [InlineData(nameof(ProgramOfPod.Consumer), "Bach__MessageLimit", "Bach:MessageLimit")]
    [InlineData(nameof(ProgramOfPod.Consumer), "ConnectionStrings__Mongo", "ConnectionStrings:Mongo")]
    [InlineData(nameof(ProgramOfPod.Migration), "Kafka__Partition", "Kafka:Partition")]
    public async Task A_misspelled_variable_is_found(string program, string variable, string setting)
    {
        var variables = new Dictionary<string, string> { ["Auth__AllowAnonymous"] = "true", [variable] = "1" };
        if (program != nameof(ProgramOfPod.Api))
            variables.Remove("Auth__AllowAnonymous");
        foreach (var server in (string[])["Redis", "Kafka", "MySql"])
            variables[$"ConnectionStrings__{server}"] = SecretsOfNobody.Of($"ConnectionStrings__{server}");
        if (program == nameof(ProgramOfPod.Migration))
            variables.Remove("ConnectionStrings__Redis");

        Assert.Equal([setting], await KnownSettings.UnknownAsync(Enum.Parse<ProgramOfPod>(program), variables));
    }

    [Fact]
    public async Task A_property_that_the_Kafka_client_does_not_have_is_refused()
    {
        var variables = new Dictionary<string, string>
        {
            ["ConnectionStrings__Kafka"] = SecretsOfNobody.Of("ConnectionStrings__Kafka"),
            ["ConnectionStrings__MySql"] = SecretsOfNobody.Of("ConnectionStrings__MySql"),
            ["Kafka__Client__security_protocoll"] = "sasl_ssl",
        };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => KnownSettings.UnknownAsync(ProgramOfPod.Migration, variables));

        Assert.Contains("security.protocoll", refused.Message, StringComparison.Ordinal);
    }
}
