using System.Net;
using System.Text;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Security;

/// <summary>A program without keys, and the pages that a browser on the same machine shows.</summary>
public sealed class LoopbackTests(SharedProgram shared)
{
    [Fact]
    public async Task A_page_of_another_site_gets_nothing_done()
    {
        var refused = await SendAsync("127.0.0.1", ("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"));
        refused.DetailOf(HttpStatusCode.Forbidden).ShouldContain("http://evil.example");
    }

    [Fact]
    public async Task A_name_of_a_stranger_that_resolves_to_this_machine_is_refused() =>
        (await SendAsync("evil.example")).DetailOf(HttpStatusCode.Forbidden).ShouldContain("evil.example");

    [Fact]
    public async Task This_machine_by_its_names_is_let_in()
    {
        (await SendAsync("localhost")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync("127.0.0.1", ("Origin", "http://localhost:3000"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_say_who_may_call_from_where_they_like()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "k"));
        using var caller = program.CallerWithKey("k");
        (await caller.SendAsync(Request("trainer.example", ("Origin", "http://trainer.example")))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private Task<Answer> SendAsync(string host, params (string Name, string Value)[] headers) => shared.Caller.SendAsync(Request(host, headers));

    /// <summary>What a browser sends across sites without asking first.</summary>
    private static HttpRequestMessage Request(string host, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/get_env_profile")
        {
            Content = new StringContent("""{"env_type":"frozenlake"}""", Encoding.UTF8, "text/plain"),
            Headers = { Host = host },
        };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return request;
    }
}
