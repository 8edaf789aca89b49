using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;

namespace SandQueue.Dashboard.Tests.Pages;

[Collection(Embedded.Name)]
public sealed class OverviewTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_browser_that_asks_for_the_root_sees_the_overview_and_no_errors()
    {
        await using var browser = await chromium.OpenAsync();
        await browser.GoAsync("/", "Overview");
        await browser.SeeTextAsync("frozenlake");
        new Uri(browser.Page.Url).AbsolutePath.ShouldBe("/ui");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Workers" })).ToBeVisibleAsync();
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Steps_of_others_show_up_while_the_page_is_open()
    {
        await using var browser = await chromium.OpenAsync();
        await browser.GoAsync("/ui", "Overview");
        var instance = await chromium.Program.Caller.CreatedAsync("frozenlake", "4x4-0");
        for (var step = 0; step < 5; step++) await chromium.Program.Caller.StepAsync(instance, "<action>left</action>");
        await Assertions.Expect(browser.Page.Locator(".tile").First.Locator("strong")).Not.ToHaveTextAsync("0");
        await chromium.Program.Caller.ReleaseAsync(instance);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task What_callers_wait_and_who_uses_the_farm_show_up_while_the_page_is_open(int width)
    {
        await using var browser = await chromium.OpenAsync(width: width);
        await browser.GoAsync("/ui", "Overview");
        var instance = await chromium.Program.Caller.CreatedAsync("frozenlake", "4x4-0");
        await chromium.Program.Caller.StepAsync(instance, "<action>left</action>");
        await chromium.Program.Caller.EvaluateAsync(instance);

        var verbs = browser.Page.Locator("section[aria-labelledby=latency] tbody tr");
        await Assertions.Expect(verbs).ToHaveCountAsync(4);
        var step = verbs.Filter(new() { Has = browser.Page.GetByRole(AriaRole.Rowheader, new() { Name = "step", Exact = true }) });
        await Assertions.Expect(step.GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync(new Regex("^[0-9.]+ m?s$"));
        await Assertions.Expect(step.GetByRole(AriaRole.Img)).ToHaveAttributeAsync("aria-label", new Regex("^queue .* ms, waiting .* ms, environment .* ms, journal .* ms$"));
        await Assertions.Expect(browser.Page.Locator("section[aria-labelledby=course] svg").First).ToBeVisibleAsync();
        foreach (var (section, name) in ((string, string)[])[("latency-environments", "frozenlake"), ("latency-tenants", "local")])
        {
            var row = browser.Page.Locator($"section[aria-labelledby={section}] tbody tr").Filter(new() { Has = browser.Page.GetByRole(AriaRole.Rowheader, new() { Name = name }) });
            await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync(new Regex("^[0-9.]+ m?s$"));
        }

        await browser.SeeTextAsync("so it is not drained by itself");
        var tenants = browser.Page.Locator("section[aria-labelledby=tenants] tbody tr");
        await Assertions.Expect(tenants.Filter(new() { HasText = "local" }).GetByRole(AriaRole.Cell).First).Not.ToHaveTextAsync("0");
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
        await chromium.Program.Caller.ReleaseAsync(instance);
    }

    [Fact]
    public async Task Dark_follows_the_system_and_what_was_chosen_stays()
    {
        await using var browser = await chromium.OpenAsync(isDark: true);
        await browser.GoAsync("/ui", "Overview");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Light", Exact = true })).ToBeVisibleAsync();
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.ClickAsync(AriaRole.Button, "Light");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Dark", Exact = true })).ToBeVisibleAsync();
        await browser.GoAsync("/ui", "Overview");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Dark", Exact = true })).ToBeVisibleAsync();
        browser.Errors.ShouldBeEmpty();
    }
}
