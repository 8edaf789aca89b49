using System.Net;
using SandQueue.Dashboard.Tests.Browsers;

namespace SandQueue.Dashboard.Tests.Pages;

/// <summary>What the dashboard's routes answer, and what stays as it is for programs.</summary>
[Collection(Embedded.Name)]
public sealed class AnswersTests(ChromiumFixture chromium) : IDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = chromium.Program?.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("/", null)]
    [InlineData("/", "*/*")]
    [InlineData("/", "application/json")]
    [InlineData("/nowhere", "text/html")]
    [InlineData("/v1/nowhere", "text/html")]
    public async Task Programs_get_the_errors_that_they_always_got(string path, string? accept)
    {
        using var response = await SendAsync(HttpMethod.Get, path, accept);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldContain($"there is no GET {path}");
        response.Headers.Contains("Content-Security-Policy").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/ui")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("/_content/SandQueue.Dashboard/dashboard.css")]
    public async Task Pages_and_files_come_with_strict_headers(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, "text/html");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("script-src 'self';");
        policy.ShouldNotContain("unsafe-eval");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
    }

    [Fact]
    public async Task A_page_has_no_script_in_it()
    {
        using var response = await SendAsync(HttpMethod.Get, "/ui", "text/html");
        var page = await response.Content.ReadAsStringAsync(Cancel);
        System.Text.RegularExpressions.Regex.Matches(page, "<script(?![^>]*\\ssrc=)").ShouldBeEmpty();
        System.Text.RegularExpressions.Regex.Matches(page, "\\son[a-z]+=").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://evil.example", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("http://127.0.0.1:1", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("http://127.0.0.1:1", "/ui/session")]
    [InlineData("null", "/ui/session")]
    public async Task A_page_of_another_address_is_refused(string origin, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "Origin", origin } }, Content = new FormUrlEncodedContent([new("key", "x")]) };
        using var response = await _http.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? accept)
    {
        Assert.SkipWhen(_http.BaseAddress is null, "there is no chromium, so no program either");
        var request = new HttpRequestMessage(method, path);
        if (accept is not null) request.Headers.Add("Accept", accept);
        return _http.SendAsync(request, Cancel);
    }
}
