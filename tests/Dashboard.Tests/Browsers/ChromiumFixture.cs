using Microsoft.Playwright;
using SandQueue.Programs;

namespace SandQueue.Dashboard.Tests.Browsers;

/// <summary>The real program, embedded and without keys, and a real Chromium.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    /// <summary>Debian's package; nothing is downloaded.</summary>
    private static readonly string? Chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public RunningProgram Program { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null) return;
        Program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        // A busy machine is slow, and not wrong.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (Program is not null) await Program.DisposeAsync();
    }

    /// <summary>A page of a browser that has no cookies yet.</summary>
    /// <param name="address">The gateway; null for the fixture's own.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="isDark">What the system says.</param>
    public async Task<WatchedPage> OpenAsync(Uri? address = null, int width = 1280, bool isDark = false)
    {
        Assert.SkipWhen(_browser is null, "there is no chromium");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = (address ?? Program.Address).ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 800 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return new WatchedPage(context, await context.NewPageAsync());
    }
}

/// <summary>One program and one browser for all tests of it.</summary>
[CollectionDefinition(Name)]
public sealed class Embedded : ICollectionFixture<ChromiumFixture>
{
    public const string Name = "embedded";
}
