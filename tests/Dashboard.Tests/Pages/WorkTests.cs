using System.Net;
using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;

namespace SandQueue.Dashboard.Tests.Pages;

/// <summary>What a person does in the pages: batches, an episode by hand, a key.</summary>
[Collection(Embedded.Name)]
public sealed class WorkTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Two_batches_are_started_followed_and_compared()
    {
        await using var browser = await chromium.OpenAsync();
        foreach (var policy in (string[])["gold", "nothing"])
        {
            await browser.GoAsync("/ui/batches", "Batches");
            await browser.ClickAsync(AriaRole.Button, "Start a batch");
            await browser.Page.GetByLabel("Tasks").FillAsync("3");
            await browser.Page.GetByLabel("Times each").FillAsync("2");
            await browser.Page.GetByLabel("Policy").SelectOptionAsync(policy);
            await browser.Page.GetByLabel("Name", new() { Exact = true }).FillAsync($"by {policy}");
            await browser.ClickAsync(AriaRole.Button, "Start");
            await browser.SeeAsync($"by {policy}");
            await Assertions.Expect(browser.Page.Locator(".head .tag")).ToHaveTextAsync("closed", new() { Timeout = 60_000 });
        }

        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.Page.Locator("tbody tr a").Nth(1).ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".member")).ToHaveCountAsync(2);
        await browser.GoAsync("/ui/batches", "Batches");
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.Page.GetByRole(AriaRole.Checkbox).Nth(0).CheckAsync();
        await browser.Page.GetByRole(AriaRole.Checkbox).Nth(1).CheckAsync();
        await browser.ClickAsync(AriaRole.Link, "Compare two");
        await browser.SeeAsync("Compare two batches");
        await browser.SeeTextAsync("tasks in both");
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_is_paused_resumed_and_cancelled()
    {
        await using var browser = await chromium.OpenAsync();

        // So many that they are not over before a slow browser has found the buttons.
        (await chromium.Program.Caller.PostAsync("/v1/batches", """{"env_type":"frozenlake","batch_id":"slow","split":"val","sample":{"n":300},"repeats":20,"concurrency":1,"policy":{"type":"gold"}}""")).Status.ShouldBe(HttpStatusCode.Created);
        await browser.GoAsync("/ui/batch?id=slow", "slow");
        await browser.ClickAsync(AriaRole.Button, "Pause");
        await Assertions.Expect(browser.Page.Locator(".head .tag")).ToHaveTextAsync("paused");
        await browser.ClickAsync(AriaRole.Button, "Resume");
        await Assertions.Expect(browser.Page.Locator(".head .tag")).ToHaveTextAsync("running");
        await browser.ClickAsync(AriaRole.Button, "Cancel");
        await browser.ClickAsync(AriaRole.Button, "Cancel the batch");
        await Assertions.Expect(browser.Page.Locator(".head .tag")).ToHaveTextAsync("closed", new() { Timeout = 60_000 });
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Retry ") })).ToBeVisibleAsync();
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_episode_is_played_by_hand()
    {
        await using var browser = await chromium.OpenAsync();
        await browser.GoAsync("/ui/play?env=frozenlake", "Play by hand");
        await browser.Page.GetByLabel("Task", new() { Exact = true }).FillAsync("4x4-7");
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.ClickAsync(AriaRole.Button, "Start");
        await browser.SeeTextAsync("You cross a frozen lake");
        await browser.Page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("<action>left</action>");
        await browser.ClickAsync(AriaRole.Button, "Step");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Article, new() { Name = "Step 1" })).ToBeVisibleAsync();
        await browser.Page.GetByLabel("Act by").SelectOptionAsync("move");
        await browser.Page.GetByLabel("Arguments, a JSON object").FillAsync("no JSON");
        await browser.ClickAsync(AriaRole.Button, "Step");
        await Assertions.Expect(browser.Page.GetByText("the arguments are not JSON").First).ToBeVisibleAsync();
        await browser.ClickAsync(AriaRole.Button, "Evaluate");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Article, new() { Name = "Evaluation" })).ToBeVisibleAsync();
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.ClickAsync(AriaRole.Button, "Release");
        await browser.SeeTextAsync("This instance has ended");
        browser.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/ui", "Overview")]
    [InlineData("/ui/instances", "Episodes")]
    [InlineData("/ui/batches", "Batches")]
    [InlineData("/ui/play", "Play by hand")]
    [InlineData("/ui/keys", "Keys and limits")]
    [InlineData("/ui/nowhere", "There is no such page")]
    public async Task Every_page_fits_a_phone(string path, string heading)
    {
        await using var browser = await chromium.OpenAsync(width: 390, isDark: true);
        await browser.GoAsync(path, heading);
        await Assertions.Expect(browser.Page.GetByText("Loading …")).ToHaveCountAsync(0);
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
    }
}
