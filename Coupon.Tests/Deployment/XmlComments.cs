using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Coupon.Tests.Deployment;

/// <summary>The documentation comments of compiled types, as Markdown on one line.</summary>
internal static partial class XmlComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> _members = new();

    /// <summary>The summary of a type, without the sentence that names its section, which stands above it.</summary>
    public static string SummaryOf(Type type)
    {
        var words = SectionWords().Replace(Markdown(Find(type.Assembly, $"T:{type.FullName}")?.Element("summary")), "");
        return words.Length == 0 ? "" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The summary and the remarks of a property.</summary>
    public static string Of(PropertyInfo property)
    {
        var owner = property.DeclaringType!;
        var member = Find(owner.Assembly, $"P:{owner.FullName}.{property.Name}");
        var words = $"{Markdown(member?.Element("summary"))} {Markdown(member?.Element("remarks"))}".Trim();
        Assert.True(words.Length > 0, $"{owner.FullName}.{property.Name} has no documentation comment.");
        return words;
    }

    private static XElement? Find(Assembly assembly, string name) => _members.GetOrAdd(assembly, Read).GetValueOrDefault(name);

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return XDocument.Load(file).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    private static string Markdown(XElement? element) =>
        element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } reference => $"`{LastName(reference.Value)}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => string.Concat(other.Nodes().Select(Text)),
            _ => "",
        };

    private static string LastName(string reference) => reference[(reference.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^Section `[^`]+`(?:: |\.)|: section `[^`]+`(?=\.)")]
    private static partial Regex SectionWords();
}
