using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;

namespace SandQueue.Dashboard.Tests.Pages;

[Collection(Embedded.Name)]
public sealed class LinksTests(ChromiumFixture chromium)
{
    /// <summary>Lists of episodes and batches link to many pages of one kind.</summary>
    private const int MostOfAKind = 2;

    [Fact]
    public async Task Every_link_that_can_be_reached_from_the_overview_leads_somewhere()
    {
        var instance = await chromium.Program.Caller.CreatedAsync("frozenlake", "4x4-0");
        await chromium.Program.Caller.StepAsync(instance, "<action>left</action>");
        await using var browser = await chromium.OpenAsync();
        var (found, open) = (new Dictionary<string, int>(), new Queue<string>(["/ui"]));
        while (open.TryDequeue(out var path))
        {
            var answer = await browser.Context.APIRequest.GetAsync(path);
            found[path] = answer.Status;
            if (!path.StartsWith("/ui", StringComparison.Ordinal) || !answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal)) continue;
            await browser.Page.GotoAsync(path);
            await Assertions.Expect(browser.Page.Locator("h1")).ToBeVisibleAsync(new() { Timeout = 30_000 });
            await Assertions.Expect(browser.Page.GetByText("Loading …")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
            (await browser.Page.Locator("h1").InnerTextAsync()).ShouldNotBe("There is no such page", path);
            foreach (var link in await LinksAsync(browser))
            {
                if (!found.ContainsKey(link) && found.Keys.Count(other => Kind(other) == Kind(link)) < MostOfAKind && !open.Contains(link)) open.Enqueue(link);
            }
        }

        found.Where(page => page.Value >= 400).ShouldBeEmpty();
        found.Keys.ShouldContain("/docs");
        found.Keys.ShouldContain(path => path.StartsWith("/ui/episode?", StringComparison.Ordinal));
        browser.Errors.ShouldBeEmpty();
        await chromium.Program.Caller.ReleaseAsync(instance);
    }

    /// <summary>What the page links to on this gateway, by path and query.</summary>
    private static Task<string[]> LinksAsync(WatchedPage browser) => browser.Page.Locator("a[href]").EvaluateAllAsync<string[]>(
        "links => [...new Set(links.map(link => new URL(link.href)).filter(to => to.origin === location.origin).map(to => to.pathname + to.search))]");

    /// <summary>A path without its query, and without what is below the lists.</summary>
    private static string Kind(string path) => string.Join('/', path.Split('?')[0].Split('/').Take(3)) + (path.Count(letter => letter == '/') > 2 ? "/one" : "");
}
