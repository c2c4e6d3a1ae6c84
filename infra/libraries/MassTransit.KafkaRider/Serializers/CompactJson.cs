using System.Text.Json;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>MassTransit's JSON options without its indentation, which would be a third of a small message.</summary>
internal static class CompactJson
{
    private static readonly Lazy<JsonSerializerOptions> _options = new(() =>
    {
        var options = new JsonSerializerOptions(SystemTextJsonMessageSerializer.Options) { WriteIndented = false };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    });

    /// <summary>Made at first use: until then an application may still change MassTransit's.</summary>
    public static JsonSerializerOptions Options => _options.Value;
}
