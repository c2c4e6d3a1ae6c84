using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Coupon.Tests.Http;

/// <summary>
/// One connection of HTTP/1.1, byte for byte: what a client library would put right before it is sent (a path, a header, the framing of a body)
/// arrives here as it was written.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly MemoryStream _received = new();

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    /// <summary>Sends a request on a connection of its own, and reads the answer.</summary>
    /// <param name="server">Where.</param>
    /// <param name="line">Method and target, as they are to be on the wire.</param>
    /// <param name="headers">Other than Host; <c>Host: …</c> replaces it.</param>
    /// <param name="body">Sent with its length; null: none.</param>
    public static async Task<RawAnswer> AskAsync(Uri server, string line, IEnumerable<string>? headers = null, string? body = null)
    {
        using var connection = await OpenAsync(server);
        return await connection.ExchangeAsync(server, line, headers, body);
    }

    /// <summary>The same on this connection, which may be used again.</summary>
    public async Task<RawAnswer> ExchangeAsync(Uri server, string line, IEnumerable<string>? headers = null, string? body = null)
    {
        var all = (headers ?? []).ToList();
        if (!all.Exists(header => header.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)))
            all.Insert(0, $"Host: {server.Authority}");
        if (body is not null)
            all.Add(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"));
        await SendAsync($"{line} HTTP/1.1\r\n{string.Join("\r\n", all)}\r\n\r\n{body}");
        return await ReadAsync(hasBody: !line.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <exception cref="IOException">The server has closed the connection.</exception>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes.AsMemory());
        }
        catch (SocketException exception)
        {
            throw new IOException("The connection was closed while the request was sent.", exception);
        }
    }

    /// <summary>Reads one answer to its end.</summary>
    /// <param name="hasBody">False: the request was a HEAD, whose answer has the length of a body and not the body.</param>
    /// <exception cref="TimeoutException">It did not come.</exception>
    /// <exception cref="IOException">The connection ended before.</exception>
    public async Task<RawAnswer> ReadAsync(bool hasBody = true)
    {
        int end;
        while ((end = Received().IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await ReceiveAsync())
                throw new IOException("The connection ended before the head of an answer.");
        }

        var lines = Encoding.Latin1.GetString(Received()[..end]).Split("\r\n");
        var headers = lines[1..]
            .Select(line => line.Split(": ", 2))
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(pair => pair[1])), StringComparer.OrdinalIgnoreCase);
        Drop(end + 4);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var body = hasBody && status is not (204 or 304) ? await ReadBodyAsync(headers) : "";
        return new RawAnswer(status, headers, body);
    }

    /// <summary>Says that nothing more will come; the answer can still be read.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has closed it already.
        }
    }

    /// <summary>Ends the connection with a reset, as a client does that is killed.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _received.Dispose();
    }

    private async Task<string> ReadBodyAsync(Dictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
        {
            var body = new MemoryStream();
            while (true)
            {
                int line;
                while ((line = Received().IndexOf("\r\n"u8)) < 0)
                    await MoreAsync();
                var size = int.Parse(Encoding.ASCII.GetString(Received()[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                while (_received.Length < line + 2 + size + 2)
                    await MoreAsync();
                body.Write(Received().Slice(line + 2, size));
                Drop(line + 2 + size + 2);
                if (size == 0)
                    return Encoding.UTF8.GetString(body.ToArray());
            }
        }

        if (!headers.TryGetValue("Content-Length", out var said))
        {
            // As long as the connection lasts: so an answer of HTTP/1.0 may be.
            while (await ReceiveAsync()) { }
            return Encoding.UTF8.GetString(Received());
        }

        var length = int.Parse(said, CultureInfo.InvariantCulture);
        while (_received.Length < length)
            await MoreAsync();
        var text = Encoding.UTF8.GetString(Received()[..length]);
        Drop(length);
        return text;
    }

    private Span<byte> Received() => _received.GetBuffer().AsSpan(0, (int)_received.Length);

    private void Drop(int count)
    {
        var rest = Received()[count..].ToArray();
        _received.SetLength(0);
        _received.Write(rest);
    }

    private async Task MoreAsync()
    {
        if (!await ReceiveAsync())
            throw new IOException("The connection ended inside the body of an answer.");
    }

    private async Task<bool> ReceiveAsync()
    {
        var bytes = new byte[16 * 1024];
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            var count = await _socket.ReceiveAsync(bytes.AsMemory(), patience.Token);
            _received.Write(bytes.AsSpan(0, count));
            return count > 0;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer in {_patience.TotalSeconds:0} s.");
        }
        catch (SocketException exception)
        {
            throw new IOException("The connection was reset.", exception);
        }
    }
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The stable code of a problem; null where it is none.</summary>
    public string? Code => Header("Content-Type") == "application/problem+json" && Body.Length > 0 ? Json.GetProperty("code").GetString() : null;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement.Clone();

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
