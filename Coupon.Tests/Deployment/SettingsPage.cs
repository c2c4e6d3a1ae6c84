using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using Coupon.Hosting.Configuration;

namespace Coupon.Tests.Deployment;

/// <summary>Writes docs/settings.md: every setting, as the options of the programs define and document it.</summary>
internal static class SettingsPage
{
    private const string None = "–";

    private const string Preface = """
        # Settings

        Every setting of both programs. This page is made of the code that reads them, and a test compares it with that:
        `COUPON_UPDATE_SNAPSHOTS=1 infra/test -class Coupon.Tests.Deployment.SettingsPageTests` writes it anew.
        [running.md](running.md#settings) says where settings are given and which place wins. In the environment a colon is two underscores:
        `Issuing__OutboxLimit=5000`.

        A time is written `hh:mm:ss`, with a fraction or days where needed: `00:00:00.500` is half a second, `7.00:00:00` a week. A number without a
        unit counts what the setting is named after. A value out of range ends the program when it starts, with the name of the setting. Both ends of
        a range belong to it.

        """;

    /// <summary>The page.</summary>
    /// <param name="programs">The sections that each program reads.</param>
    public static string Of(IReadOnlyDictionary<string, IReadOnlyList<SettingsSection>> programs)
    {
        var page = new StringBuilder(Preface);
        page.Append("\n## Servers and logs\n\nWhat stands in no section of its own.\n\n");
        Write(page, DirectSettings.All);
        var sections = programs
            .SelectMany(program => program.Value.Select(section => (Program: program.Key, Section: section)))
            .GroupBy(read => read.Section, read => read.Program)
            .OrderBy(section => section.Key.Name, StringComparer.Ordinal)
            .ThenBy(section => section.First(), StringComparer.Ordinal);
        foreach (var section in sections)
        {
            var readers = string.Join(", ", section.Distinct().Order(StringComparer.Ordinal));
            page.Append(
                CultureInfo.InvariantCulture,
                $"\n## {(section.Key.Name.Length == 0 ? "Without a section" : section.Key.Name)} ({readers})\n\n"
            );
            if (XmlComments.SummaryOf(section.Key.Options) is { Length: > 0 } summary)
                page.Append(CultureInfo.InvariantCulture, $"{summary}\n\n");
            Write(page, Settings(section.Key.Name, section.Key.Options));
        }

        return page.ToString();
    }

    /// <summary>The settings of options and of what they hold.</summary>
    public static IEnumerable<Setting> Settings(string section, Type options)
    {
        var defaults = Activator.CreateInstance(options)!;
        foreach (var property in InOrder(options))
        {
            var name = section.Length == 0 ? property.Name : $"{section}:{property.Name}";
            if (property.PropertyType is { IsClass: true } type && type != typeof(string))
            {
                foreach (var inner in Settings(name, type))
                    yield return inner;
            }
            else
            {
                yield return new Setting(
                    name,
                    property.GetValue(defaults) is { } value and not "" ? $"`{Text(value)}`" : None,
                    UnitOf(property),
                    RangeOf(property),
                    XmlComments.Of(property)
                );
            }
        }
    }

    // Reflection gives inherited properties last, where a reader looks for them first.
    private static IEnumerable<PropertyInfo> InOrder(Type options) =>
        options
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .OrderBy(property => property.DeclaringType == options)
            .ThenBy(property => property.MetadataToken);

    private static void Write(StringBuilder page, IEnumerable<Setting> settings)
    {
        page.Append("| setting | default | unit | range | meaning |\n|---|---|---|---|---|\n");
        foreach (var (name, otherwise, unit, range, meaning) in settings)
        {
            var cell = meaning.Replace("|", "\\|", StringComparison.Ordinal);
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {otherwise} | {unit} | {range} | {cell} |\n");
        }
    }

    private static string UnitOf(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return property.GetCustomAttribute<UnitAttribute>()?.Name ?? (type == typeof(TimeSpan) ? "time" : None);
    }

    private static string RangeOf(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            return Bounds(range, type);
        if (property.GetCustomAttribute<MinLengthAttribute>() is { } length)
            return string.Create(CultureInfo.InvariantCulture, $"at least {length.Length} characters");
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
            return $"`{pattern.Pattern}`";
        if (property.GetCustomAttribute<RequiredAttribute>() is not null)
            return "not empty";
        if (type == typeof(bool))
            return "`true`, `false`";
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(name => $"`{name}`")) : None;
    }

    private static string Bounds(RangeAttribute range, Type type)
    {
        var (least, most) = (Bound(range.Minimum, type), Bound(range.Maximum, type));
        // The attribute takes no long, so the largest one has become a double.
        return range.Maximum is double and >= long.MaxValue ? $"at least {least}" : $"{least} to {most}";
    }

    // RangeAttribute keeps the bounds of a type that it does not know as text.
    private static string Bound(object bound, Type type) =>
        Text(bound is string text ? TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text)! : bound);

    private static string Text(object value) =>
        value switch
        {
            TimeSpan time => Shortest(time.ToString("c", CultureInfo.InvariantCulture)),
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };

    // .NET writes seven digits of a fraction.
    private static string Shortest(string time) => time.EndsWith("0000", StringComparison.Ordinal) && time.Contains('.') ? time[..^4] : time;
}
