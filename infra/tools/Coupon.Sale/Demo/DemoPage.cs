using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;

namespace Coupon.Sale.Demo;

/// <summary>
/// A page with the button, for whoever tries the service out: it presses at the API and follows its events, as a page of a shop would. It is no part
/// of the service, so the API has to allow its origin (<c>Cors:Origins</c>).
/// </summary>
internal sealed class DemoPage : IAsyncDisposable
{
    // The page talks to the API and to nobody else.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; connect-src ";

    private readonly HttpListener _listener = new();
    private readonly byte[] _page;
    private readonly string _policy;
    private readonly Task _serving;

    private DemoPage(Uri address, Uri api, long couponId)
    {
        Address = address;
        var server = api.GetLeftPart(UriPartial.Authority);
        _page = Encoding.UTF8.GetBytes(
            Text()
                .Replace("API_ADDRESS", server, StringComparison.Ordinal)
                .Replace("COUPON_ID", couponId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        );
        _policy = Policy + server;
        _listener.Prefixes.Add(address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Serves it.</summary>
    /// <param name="port">A free port of this machine.</param>
    /// <param name="api">An instance of the API.</param>
    /// <param name="couponId">The coupon that the button is for.</param>
    public static DemoPage Start(int port, Uri api, long couponId) => new(AddressAt(port), api, couponId);

    /// <summary>The address of the page on a port.</summary>
    public static Uri AddressAt(int port) => new($"http://127.0.0.1:{port}/");

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                await AnswerAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Closed, or a browser that has gone.
                if (!_listener.IsListening)
                    return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.Url?.AbsolutePath != "/")
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        response.ContentType = "text/html; charset=utf-8";
        response.Headers["Content-Security-Policy"] = _policy;
        response.ContentLength64 = _page.Length;
        await response.OutputStream.WriteAsync(_page);
    }

    private static string Text()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("demo.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
