using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;
using SandQueue.Programs;

namespace SandQueue.Dashboard.Tests.Pages;

/// <summary>Two tenants and an admin: who gets in, who sees what, and where the key is not.</summary>
[Collection(Embedded.Name)]
public sealed class SignInTests(ChromiumFixture chromium, KeyedProgram keyed) : IClassFixture<KeyedProgram>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_no_key_is_led_to_the_sign_in_page_and_a_wrong_one_is_refused()
    {
        await using var browser = await chromium.OpenAsync(keyed.Program.Address);
        await browser.GoAsync("/ui/batches", "SandQueue");
        new Uri(browser.Page.Url).AbsolutePath.ShouldBe("/ui/sign-in");
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        await SignInAsync(browser, "not-a-key");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This key is not let in");
        await SignInAsync(browser, KeyedProgram.Anna);
        await browser.SeeAsync("Batches");
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_cookie_cannot_be_read_and_no_address_has_the_key()
    {
        await using var browser = await chromium.OpenAsync(keyed.Program.Address);
        var addresses = new List<string>();
        browser.Page.Request += (_, request) => addresses.Add(request.Url);
        await EnterAsync(browser, KeyedProgram.Ben, "/ui", "Overview");
        var cookie = (await browser.Context.CookiesAsync()).Single(cookie => cookie.Name == "sandqueue_session");
        cookie.HttpOnly.ShouldBeTrue();
        cookie.SameSite.ShouldBe(SameSiteAttribute.Strict);
        cookie.Value.ShouldNotContain(KeyedProgram.Ben);
        addresses.ShouldNotBeEmpty();
        addresses.ShouldAllBe(address => !address.Contains(KeyedProgram.Ben));
        (keyed.Program.Output + keyed.Program.Errors).ShouldNotContain(KeyedProgram.Ben);
        (await browser.Page.ContentAsync()).ShouldNotContain(KeyedProgram.Ben);
    }

    [Fact]
    public async Task A_tenant_sees_nothing_of_another_on_any_page()
    {
        using var anna = keyed.Program.CallerWithKey(KeyedProgram.Anna);
        (await anna.PostAsync("/v1/instances", """{"env_type":"frozenlake","task_id":"4x4-3","instance_id":"annas-own"}""")).Status.ShouldBe(HttpStatusCode.Created);
        (await anna.PostAsync("/v1/batches", """{"env_type":"frozenlake","batch_id":"annas-batch","split":"val","sample":{"n":1},"policy":{"type":"gold"}}""")).Status.ShouldBe(HttpStatusCode.Created);
        await using var browser = await chromium.OpenAsync(keyed.Program.Address);
        await EnterAsync(browser, KeyedProgram.Ben, "/ui/instances", "Episodes");
        await browser.SeeTextAsync("No episode yet");
        await browser.GoAsync("/ui/batches", "Batches");
        await browser.SeeTextAsync("No batch yet");
        foreach (var (path, heading) in new[] { ("/ui/episode?id=annas-own", "Episode"), ("/ui/batch?id=annas-batch", "Batch"), ("/ui/play?id=annas-own", "Play by hand"), ("/ui/compare?first=annas-batch&second=annas-batch", "Compare two batches") })
        {
            await browser.GoAsync(path, heading);
            await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("Not loaded");
        }

        await browser.GoAsync("/ui/keys", "Keys and limits");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("an admin key is needed");
        await browser.GoAsync("/ui", "Overview");
        foreach (var heading in (string[])["Workers", "Who uses the farm", "What callers wait"]) (await browser.Page.GetByRole(AriaRole.Heading, new() { Name = heading }).CountAsync()).ShouldBe(0, heading);
        (await browser.Page.APIRequest.GetAsync("/ui/raw/latency")).Status.ShouldBe(403);
        (await browser.Page.APIRequest.GetAsync("/ui/raw/activity?of=farm")).Status.ShouldBe(403);
        (await (await browser.Page.APIRequest.GetAsync("/ui/raw/activity")).TextAsync()).ShouldNotContain("anna");
        (await browser.Page.APIRequest.GetAsync("/ui/raw/instances/annas-own")).Status.ShouldBe(404);
        (await browser.Page.APIRequest.GetAsync("/ui/raw/instances/annas-own?tenant=anna")).Status.ShouldBe(404);
        (await browser.Page.APIRequest.GetAsync("/ui/raw/keys")).Status.ShouldBe(403);
        await anna.DeleteAsync("/v1/instances/annas-own");
    }

    [Fact]
    public async Task An_admin_looks_at_the_tenant_that_they_choose()
    {
        using var anna = keyed.Program.CallerWithKey(KeyedProgram.Anna);
        (await anna.PostAsync("/v1/instances", """{"env_type":"frozenlake","task_id":"4x4-5","instance_id":"seen-by-root"}""")).Status.ShouldBe(HttpStatusCode.Created);
        await using var browser = await chromium.OpenAsync(keyed.Program.Address);
        await EnterAsync(browser, KeyedProgram.Root, "/ui/instances", "Episodes");
        await browser.SeeTextAsync("No episode yet");
        await browser.Page.GetByLabel("Tenant that you look at").SelectOptionAsync("anna");
        await browser.SeeTextAsync("seen-by-root");
        await browser.GoAsync("/ui/keys", "Keys and limits");
        (await Accessibility.ProblemsAsync(browser.Page)).ShouldBeEmpty();
        browser.Errors.ShouldBeEmpty();
        await anna.DeleteAsync("/v1/instances/seen-by-root");
    }

    [Fact]
    public async Task Who_signs_out_or_whose_key_is_revoked_is_out()
    {
        using var root = keyed.Program.CallerWithKey(KeyedProgram.Root);
        var issued = await root.PostAsync("/v1/keys", """{"tenant":"carl"}""");
        using var made = JsonDocument.Parse(issued.Body);
        var (id, key) = (made.RootElement.GetProperty("id").GetString()!, made.RootElement.GetProperty("key").GetString()!);
        await using var browser = await chromium.OpenAsync(keyed.Program.Address);
        await EnterAsync(browser, key, "/ui", "Overview");
        (await root.DeleteAsync($"/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        await browser.Page.WaitForURLAsync("**/ui/sign-in*");
        await EnterAsync(browser, KeyedProgram.Ben, "/ui", "Overview");
        await browser.ClickAsync(AriaRole.Button, "Sign out");
        await browser.Page.WaitForURLAsync("**/ui/sign-in*");
        await browser.Page.GotoAsync("/ui");
        await browser.Page.WaitForURLAsync("**/ui/sign-in*");
    }

    [Fact]
    public async Task Without_a_session_and_without_the_token_of_the_form_there_is_nothing()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = keyed.Program.Address };
        using var negotiation = await http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Cancel);
        negotiation.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var raw = await http.GetAsync("/ui/raw/instances", Cancel);
        raw.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var forged = await http.PostAsync("/ui/session", new FormUrlEncodedContent([new("key", KeyedProgram.Anna)]), Cancel);
        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        forged.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData("//evil.example/ui")]
    [InlineData("https://evil.example/ui")]
    [InlineData("/ui/\\evil.example")]
    public async Task A_link_to_the_sign_in_page_leads_nowhere_else(string to)
    {
        await using var browser = await chromium.OpenAsync(keyed.Program.Address);
        await browser.GoAsync($"/ui/sign-in?to={Uri.EscapeDataString(to)}", "SandQueue");
        await SignInAsync(browser, KeyedProgram.Ben);
        await browser.SeeAsync("Overview");
        new Uri(browser.Page.Url).Authority.ShouldBe(keyed.Program.Address.Authority);
    }

    private static async Task EnterAsync(WatchedPage browser, string key, string path, string heading)
    {
        await browser.GoAsync($"/ui/sign-in?to={Uri.EscapeDataString(path)}", "SandQueue");
        await SignInAsync(browser, key);
        await browser.SeeAsync(heading);
    }

    private static async Task SignInAsync(WatchedPage browser, string key)
    {
        await browser.Page.GetByLabel("API key").FillAsync(key);
        await browser.ClickAsync(AriaRole.Button, "Sign in");
    }
}
