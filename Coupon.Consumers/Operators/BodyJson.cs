using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;

namespace Coupon.Consumers.Operators;

/// <summary>
/// The JSON of operators' bodies, read strictly: a misunderstood body would change the wrong entries.
/// </summary>
internal static class BodyJson
{
    public static void Configure(JsonSerializerOptions json)
    {
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new EnumTextConverter<DeadLetterState>());
        json.Converters.Add(new EnumTextConverter<DeadLetterAction>());
        json.Converters.Add(new EnumTextConverter<DeadLetterOperationKind>());
        json.Converters.Add(new EnumTextConverter<DeadLetterOperationState>());
        json.Converters.Add(new EnumTextConverter<ObstacleKind>());
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNulls);
    }

    // {"ids": null} would not restrict the filter, and so select all. To select all, the member is left out.
    private static void RefuseNulls(JsonTypeInfo type)
    {
        if (type.Type != typeof(DeadLetterFilter))
            return;
        foreach (var property in type.Properties)
        {
            if (property.Set is not { } set)
                continue;
            var name = property.Name;
            property.Set = (target, value) =>
            {
                if (value is null or System.Collections.ICollection { Count: 0 })
                    throw new JsonException($"filter.{name} must not be null or empty; left out, it does not restrict.");
                set(target, value);
            };
        }
    }
}
