using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;
using SandQueue.Programs;

namespace SandQueue.Dashboard.Tests.Pages;

[Collection(Embedded.Name)]
public sealed class EpisodeTests(ChromiumFixture chromium)
{
    private const string Nasty = "<script>window.owned = 1</script><img src=x onerror=\"window.owned = 2\"><b>bold</b> \u202Eevil\u202C {{7*7}} </div></main>";

    private Caller Caller => chromium.Program.Caller;

    [Fact]
    public async Task An_episode_is_found_read_step_by_step_and_played_again()
    {
        await using var browser = await chromium.OpenAsync();
        await PlayAsync("seen", "4x4-1", "<action>right</action>", "<action>down</action>");
        (await Caller.PostAsync("/v1/instances/seen/evaluations", "{}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Caller.DeleteAsync("/v1/instances/seen")).Status.ShouldBe(HttpStatusCode.OK);
        await browser.GoAsync("/ui/instances", "Episodes");
        await browser.Page.GetByLabel("Instance or task").FillAsync("SEE");
        await browser.ClickAsync(AriaRole.Button, "Search");
        await Assertions.Expect(browser.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.ClickAsync(AriaRole.Link, "seen");
        await browser.SeeAsync("seen");
        await browser.SeeTextAsync("<action>right</action>");
        await Assertions.Expect(browser.Page.Locator(".step-row")).ToHaveCountAsync(5);
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await browser.ClickAsync(AriaRole.Button, "Copy as curl");
        (await browser.Page.GetByLabel("Command line").InputValueAsync()).ShouldContain("/v1/instances/seen/episode");
        await browser.ClickAsync(AriaRole.Button, "Replay and compare");
        await Assertions.Expect(browser.Page.Locator(".verdict")).ToContainTextAsync("The same: the opening and all 2 steps", new() { Timeout = 60_000 });
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_that_took_no_effect_is_shown_where_it_happened()
    {
        await using var browser = await chromium.OpenAsync();
        await PlayAsync("refused", "4x4-1", "<action>right</action>");
        for (var count = 0; count < 60; count++) (await Caller.PostAsync("/v1/instances/refused/evaluations", "{}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Caller.PostAsync("/v1/instances/refused/steps", """{"action":{"role":"assistant","content":"<action>left</action>"},"step":9}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        await browser.GoAsync("/ui/episode?id=refused", "refused");
        await Assertions.Expect(browser.Page.Locator(".chat > .failure")).ToHaveCountAsync(0);
        await browser.ClickAsync(AriaRole.Button, "show");
        await Assertions.Expect(browser.Page.Locator(".chat > .failure")).ToContainTextAsync("step 9 was sent, but the next step of instance 'refused' is 2");
        await Assertions.Expect(browser.Page.Locator(".chat > .entry + .failure")).ToHaveCountAsync(1);
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
        await Caller.DeleteAsync("/v1/instances/refused");
    }

    [Fact]
    public async Task A_fork_goes_on_behind_the_step_that_was_chosen()
    {
        await using var browser = await chromium.OpenAsync();
        await PlayAsync("forked", "4x4-2", "<action>right</action>", "<action>left</action>");
        await browser.GoAsync("/ui/episode?id=forked", "forked");
        await browser.Page.GetByRole(AriaRole.Article, new() { Name = "Step 1" }).GetByRole(AriaRole.Button, new() { Name = "Fork here" }).ClickAsync();
        await browser.ClickAsync(AriaRole.Button, "Fork");
        await Assertions.Expect(browser.Page.Locator(".verdict")).ToContainTextAsync("The same: ", new() { Timeout = 60_000 });
        await browser.ClickAsync(AriaRole.Link, "Its episode");
        await browser.SeeTextAsync("behind step 1");
        browser.Errors.ShouldBeEmpty();
        await Caller.DeleteAsync("/v1/instances/forked");
    }

    [Fact]
    public async Task What_an_agent_says_stays_text_and_five_megabytes_stay_quick()
    {
        await using var browser = await chromium.OpenAsync();
        await PlayAsync("nasty\u202E<b>", "4x4-3", Nasty, new string('x', 5 << 20), "<action>right</action>");
        var watch = Stopwatch.StartNew();
        await browser.GoAsync($"/ui/episode?id={Uri.EscapeDataString("nasty\u202E<b>")}", "nastyU+202E<b>");
        await browser.SeeTextAsync("<script>window.owned = 1</script>");
        await browser.SeeTextAsync("3,000 of 5,242,880 characters.");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await Assertions.Expect(browser.Page.Locator(".message .mark").First).ToHaveTextAsync("U+202E");
        (await browser.Page.EvaluateAsync<bool>("() => window.owned === undefined")).ShouldBeTrue();
        (await browser.Page.Locator("main img, main b, main script").CountAsync()).ShouldBe(0);
        await browser.ClickAsync(AriaRole.Button, "Show more");
        await browser.SeeTextAsync("200,000 of 5,242,880 characters.");
        await browser.GoAsync("/ui/instances", "Episodes");
        await browser.SeeTextAsync("U+202E");
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_episode_shows_a_part_and_leads_to_the_rest()
    {
        await using var browser = await chromium.OpenAsync();
        await PlayAsync("long", "4x4-4", "<action>left</action>");
        for (var count = 0; count < 499; count++) (await Caller.PostAsync("/v1/instances/long/evaluations", "{}")).Status.ShouldBe(HttpStatusCode.OK);
        var watch = Stopwatch.StartNew();
        await browser.GoAsync("/ui/episode?id=long", "long");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(40);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        (await browser.Page.Locator(".step-row").CountAsync()).ShouldBeLessThan(120);
        await browser.ClickAsync(AriaRole.Button, "Later steps");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Earlier steps" }).WaitForAsync();
        browser.Errors.ShouldBeEmpty();
        await Caller.DeleteAsync("/v1/instances/long");
    }

    private async Task PlayAsync(string instance, string task, params string[] contents)
    {
        var name = Uri.EscapeDataString(instance);
        (await Caller.PostAsync("/v1/instances", JsonSerializer.Serialize(new { env_type = "frozenlake", task_id = task, instance_id = instance }))).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var content in contents)
        {
            (await Caller.PostAsync($"/v1/instances/{name}/steps", JsonSerializer.Serialize(new { action = new { role = "assistant", content } }))).Status.ShouldBe(HttpStatusCode.OK);
        }
    }
}
