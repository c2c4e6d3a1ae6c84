using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Http;

/// <summary>docs/requests.http, as an editor reads it: requests with titles, variables, and values from earlier answers.</summary>
internal sealed partial class RequestsFile
{
    private readonly Dictionary<string, string> _variables = [];
    private readonly Dictionary<string, JsonElement> _answers = [];

    private RequestsFile() { }

    public IReadOnlyList<WrittenRequest> Requests { get; private init; } = [];

    public static RequestsFile Read()
    {
        var blocks = File.ReadAllText(Path.Combine(Snapshot.SourceFolder, "docs", "requests.http")).Split("###", StringSplitOptions.TrimEntries);
        return new RequestsFile { Requests = [.. blocks.Select(WrittenRequest.Parse).OfType<WrittenRequest>()] };
    }

    /// <summary>Gives a variable a value in place of the one in the file.</summary>
    public void Set(string name, string value) => _variables[name] = value.TrimEnd('/');

    /// <summary>The request as it is sent.</summary>
    public HttpRequestMessage Build(WrittenRequest written)
    {
        var request = new HttpRequestMessage(written.Method, Fill(written.Target));
        if (written.Body.Length > 0)
            request.Content = new StringContent(Fill(written.Body), Encoding.UTF8, "application/json");
        foreach (var (name, value) in written.Headers.Where(header => header.Name != "Content-Type"))
            Assert.True(request.Headers.TryAddWithoutValidation(name, Fill(value)));
        return request;
    }

    /// <summary>Keeps the answer to a request that has a name.</summary>
    public void Keep(WrittenRequest written, string body)
    {
        if (written.Name is { } name)
            _answers[name] = JsonDocument.Parse(body).RootElement.Clone();
    }

    private string Fill(string text) =>
        Variable()
            .Replace(text, match =>
                match.Groups["member"].Success
                    ? _answers[match.Groups["name"].Value].GetProperty(match.Groups["member"].Value).ToString()
                    : _variables[match.Groups["name"].Value]
            );

    [GeneratedRegex(@"\{\{(?<name>\w+)(?:\.response\.body\.\$\.(?<member>\w+))?\}\}")]
    private static partial Regex Variable();
}

/// <summary>One request of the file.</summary>
internal sealed partial record WrittenRequest(
    string Title,
    string? Name,
    HttpMethod Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    string Body
)
{
    /// <summary>The status and the code that the title names; null: the request succeeds.</summary>
    public (int Status, string Code)? Refusal =>
        Named().Match(Title) is { Success: true } named
            ? (int.Parse(named.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture), named.Groups["code"].Value)
            : null;

    /// <returns>Null: a comment.</returns>
    public static WrittenRequest? Parse(string block)
    {
        var lines = block.Split('\n');
        var name = Array.Find(lines, line => line.StartsWith("# @name ", StringComparison.Ordinal))?[8..].Trim();
        var first = Array.FindIndex(lines, line => RequestLine().IsMatch(line));
        if (first < 0)
            return null;
        var parts = lines[first].Split(' ', 2);
        var end = Array.FindIndex(lines, first, string.IsNullOrWhiteSpace);
        var headers = lines[(first + 1)..(end < 0 ? lines.Length : end)].Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]));
        return new WrittenRequest(
            lines[0],
            name,
            new HttpMethod(parts[0]),
            parts[1].Trim(),
            [.. headers],
            end < 0 ? "" : string.Join('\n', lines[end..]).Trim()
        );
    }

    [GeneratedRegex(@": (?<status>4\d\d) (?<code>[a-z-]+)$")]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?:GET|POST|DELETE) \S+$")]
    private static partial Regex RequestLine();
}
