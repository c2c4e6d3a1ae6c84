using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Coupon.Stock;

/// <summary>A Lua script that travels inside its assembly: its text, and the SHA-1 by which Redis calls it.</summary>
public sealed class StockScript
{
    private const string Requires = "-- requires ";

    private StockScript(string name, string text)
    {
        Name = name;
        Text = text;
#pragma warning disable CA5350 // Redis names a script by its SHA-1; nothing is protected by it.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    /// <summary>The file name, for example <c>issue.lua</c>.</summary>
    public string Name { get; }

    /// <summary>The source, as EVAL and SCRIPT LOAD take it.</summary>
    public string Text { get; }

    /// <summary>The 20 bytes of the SHA-1, as EVALSHA takes it. Not to be changed.</summary>
    public byte[] Hash { get; }

    /// <summary>
    /// Reads a script that is embedded in an assembly. Redis has no modules: a script whose first line is <c>-- requires other.lua</c> has that file
    /// in front of it.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not embedded there: the build has lost the file.</exception>
    public static StockScript Embedded(Assembly assembly, string name) => new(name, Read(assembly, name));

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The Lua script {name} is not embedded in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return text.StartsWith(Requires, StringComparison.Ordinal)
            ? Read(assembly, text[Requires.Length..text.IndexOf('\n', StringComparison.Ordinal)].Trim()) + text
            : text;
    }
}
