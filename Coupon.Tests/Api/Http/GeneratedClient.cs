using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace Coupon.Tests.Api.Http;

/// <summary>Clients as others would have them: generated from the published documents, and compiled together with code that uses them.</summary>
internal static class GeneratedClient
{
    /// <summary>The source of a client of one document, of the class <c>Client</c> in a namespace.</summary>
    public static async Task<string> GenerateAsync(string document, string ns)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "Client",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings =
            {
                Namespace = ns,
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                JsonLibraryVersion = 10,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
            },
        };
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(document), settings).GenerateFile();
    }

    /// <summary>Compiles sources, and loads them until <paramref name="use"/> has ended.</summary>
    public static async Task UseAsync(IEnumerable<string> sources, Func<Assembly, Task> use)
    {
        using var compiled = new MemoryStream();
        var result = CSharpCompilation
            .Create(
                "GeneratedClients",
                sources.Select(source => CSharpSyntaxTree.ParseText(source)),
                References(),
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
            )
            .Emit(compiled);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(fault => fault.Severity == DiagnosticSeverity.Error).Take(20)));
        compiled.Position = 0;
        var context = new AssemblyLoadContext("GeneratedClients", isCollectible: true);
        try
        {
            await use(context.LoadFromStream(compiled));
        }
        finally
        {
            context.Unload();
        }
    }

    // What .NET itself has, and nothing of ours.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(path => MetadataReference.CreateFromFile(path));
}
