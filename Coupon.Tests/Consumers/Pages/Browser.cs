using Microsoft.Playwright;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>The distribution's Chromium, headless. Playwright's own browsers are not downloaded.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const int Patience = 30_000;

    private static readonly string[] _programs = ["chromium", "chromium-browser", "google-chrome"];

    // Without these switches Chromium contacts its vendor's hosts at every start; its sandbox does not run as root.
    private static readonly string[] _arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => _programs.Select(program => Path.Combine(folder, program)))
            .FirstOrDefault(File.Exists);

    public static async Task<Browser> StartAsync()
    {
        Assert.SkipWhen(Program is null, "No Chromium on the PATH: apt-get install chromium.");
        var playwright = await Playwright.CreateAsync();

        // Expectations have a time-out of their own.
        Assertions.SetDefaultExpectTimeout(Patience);
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = _arguments }));
    }

    /// <summary>A window of its own, without cookies of other tests.</summary>
    public async Task<IPage> OpenAsync(int width = 1100, int height = 700)
    {
        var context = await _browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
            }
        );
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>
    /// With a folder in <c>COUPON_SCREENSHOTS</c> (<c>docs/images</c>), makes a picture of the documentation anew.
    /// </summary>
    public static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("COUPON_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
