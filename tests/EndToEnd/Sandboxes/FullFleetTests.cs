using System.Net;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Sandboxes;

public sealed class FullFleetTests
{
    private const string Open = """{"sandbox_type":"appworld","meta":{"session_ctx_id":"1"}}""";

    /// <summary>How old the gateway's picture of the fleet may be.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task When_every_place_is_taken_no_sandbox_is_given_and_a_create_says_why_until_one_is_released()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake")
            .With("SANDQUEUE_Worker__Environments__frozenlake__InstancesPerContainer", "2")
            .With("SANDQUEUE_Worker__Lease", "00:00:03")
            .With("SANDQUEUE_Gateway__CommandTimeout", "00:00:10"));
        var caller = program.Caller;
        (await caller.PostAsync("/create_from_pool", Open)).Data.GetString().ShouldNotBeNullOrEmpty();
        await caller.CreatedAsync("frozenlake", "4x4-0");
        var last = await caller.CreatedAsync("frozenlake", "4x4-1");

        var full = new Answer(HttpStatusCode.OK, "", new Dictionary<string, string>());
        await Until.TrueAsync("no sandbox is given", async () => (full = await caller.PostAsync("/create_from_pool", Open)).Body == """{"data":null}""", Known);
        full.Status.ShouldBe(HttpStatusCode.OK);
        var refused = await caller.CreateAsync("frozenlake", "4x4-2");
        refused.DetailOf(HttpStatusCode.ServiceUnavailable).ShouldContain("no capacity");
        refused.Headers.Keys.ShouldContain("Retry-After");

        await caller.ReleaseAsync(last);
        await caller.CreatedAsync("frozenlake", "4x4-2");
        await program.EndAsync();
    }
}
