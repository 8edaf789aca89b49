using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;

namespace SandQueue.Dashboard.Tests.Pages;

/// <summary>What a farm's operator does in the page: sign in, let a worker go, find one episode among many.</summary>
[Collection(Embedded.Name)]
public sealed class FarmTests(ChromiumFixture chromium, KeyedFarm farm) : IClassFixture<KeyedFarm>
{
    private const int Many = 10_000;

    [Fact]
    public async Task A_worker_is_drained_and_its_instances_go_on_at_the_other()
    {
        Assert.SkipWhen(farm.Missing is not null, farm.Missing ?? "");
        using var anna = farm.Caller(KeyedProgram.Anna);
        for (var number = 0; number < 6; number++)
        {
            (await anna.PostAsync("/v1/instances", $$"""{"env_type":"frozenlake","task_id":"8x8-{{number}}","instance_id":"drained-{{number}}"}""")).Status.ShouldBe(HttpStatusCode.Created);
        }

        await using var browser = await chromium.OpenAsync(farm.Address);
        await EnterAsync(browser, KeyedProgram.Root);
        var rows = browser.Page.Locator("section[aria-labelledby=workers] tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await rows.First.GetByRole(AriaRole.Button, new() { NameString = "Drain" }).ClickAsync();
        await browser.SeeDialogAsync("Drain this worker?");
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Drain", Exact = true }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1, new() { Timeout = 90_000 });

        for (var number = 0; number < 6; number++)
        {
            (await anna.PostAsync($"/v1/instances/drained-{number}/steps", """{"action":{"role":"assistant","content":"<action>left</action>"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        }

        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_of_ten_thousand_episodes_is_found_quickly()
    {
        Assert.SkipWhen(farm.Missing is not null, farm.Missing ?? "");
        await farm.EnterEpisodesAsync("anna", Many);
        await using var browser = await chromium.OpenAsync(farm.Address);
        await EnterAsync(browser, KeyedProgram.Anna);
        var watch = Stopwatch.StartNew();
        await browser.GoAsync("/ui/instances", "Episodes");
        await Assertions.Expect(browser.Page.Locator("tbody tr").First).ToBeVisibleAsync();
        for (var page = 2; page <= 4; page++)
        {
            await browser.ClickAsync(AriaRole.Button, "Older");
            await browser.SeeTextAsync($"Page {page}");
        }

        await browser.Page.GetByLabel("Instance or task").FillAsync("played-4321");
        await browser.ClickAsync(AriaRole.Button, "Search");
        await Assertions.Expect(browser.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        (await browser.Page.Locator("tbody tr").AllInnerTextsAsync()).Single().ShouldContain("played-4321");
        browser.Errors.ShouldBeEmpty();
    }

    private static async Task EnterAsync(WatchedPage browser, string key)
    {
        await browser.GoAsync("/ui/sign-in?to=/ui", "SandQueue");
        await browser.Page.GetByLabel("API key").FillAsync(key);
        await browser.ClickAsync(AriaRole.Button, "Sign in");
        await browser.SeeAsync("Overview");
    }
}
