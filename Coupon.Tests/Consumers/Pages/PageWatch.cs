using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>What a page asks for, and what goes wrong in it: a script that its policy forbids is an error of the browser's console.</summary>
internal sealed class PageWatch : IDisposable
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<string> _requests = [];

    public PageWatch(IPage page)
    {
        _page = page;
        page.Console += OnConsole;
        page.PageError += OnPageError;
        page.Request += OnRequest;
    }

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The addresses that it asked over the network.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public void Dispose()
    {
        _page.Console -= OnConsole;
        _page.PageError -= OnPageError;
        _page.Request -= OnRequest;
    }

    private void OnConsole(object? sender, IConsoleMessage message)
    {
        if (message.Type == "error")
            _faults.Enqueue(message.Text);
    }

    private void OnPageError(object? sender, string error) => _faults.Enqueue(error);

    private void OnRequest(object? sender, IRequest request)
    {
        if (request.Url.StartsWith("http", StringComparison.Ordinal))
            _requests.Enqueue(request.Url);
    }
}
