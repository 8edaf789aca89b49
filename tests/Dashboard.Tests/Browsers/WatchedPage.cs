using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SandQueue.Dashboard.Tests.Browsers;

/// <summary>A page whose errors are noted: what scripts threw, what the browser refused, what could not be loaded.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();

    public WatchedPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _errors.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _errors.Enqueue($"thrown: {error}");
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Opens a page of the dashboard and waits for its heading.</summary>
    public async Task GoAsync(string path, string heading)
    {
        await Page.GotoAsync(path);
        await SeeAsync(heading);
    }

    public Task SeeAsync(string heading) => Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync(new() { Timeout = 30_000 });

    public Task SeeTextAsync(string text) => Assertions.Expect(Page.Locator("main").GetByText(text).First).ToBeVisibleAsync(new() { Timeout = 30_000 });

    public Task SeeDialogAsync(string text) => Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(text);

    public Task ClickAsync(AriaRole role, string name) => Page.GetByRole(role, new() { Name = name, Exact = true }).First.ClickAsync();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
