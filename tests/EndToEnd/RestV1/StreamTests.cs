using System.Net;
using System.Text;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>Server-sent events under <c>/v1</c>, on the real program.</summary>
public sealed class StreamTests(SharedProgram shared)
{
    private const string Left = """{"action":{"role":"assistant","content":"left"}}""";

    private Caller Caller => shared.Caller;

    [Fact]
    public async Task An_episode_is_followed_to_its_end_and_from_any_entry_on()
    {
        var id = await CreatedAsync("frozenlake", "8x8-0");
        await Caller.PostAsync($"/v1/instances/{id}/steps", Left);
        var following = Caller.SendAsync(Asked($"/v1/instances/{id}/episode"));
        await Caller.PostAsync($"/v1/instances/{id}/steps", Left);
        await Caller.PostAsync($"/v1/instances/{id}/evaluations", "");
        await Caller.DeleteAsync($"/v1/instances/{id}");

        var stream = await following;

        stream.Headers["Content-Type"].ShouldBe("text/event-stream");
        var events = Events(stream.Body);
        events.Select(told => told.Type).ShouldBe(["entry", "entry", "entry", "entry", "entry", "end"]);
        events[..^1].Select(told => told.Data.Text("kind")).ShouldBe(["create", "step", "step", "evaluate", "release"]);
        var page = (await Caller.GetAsync($"/v1/instances/{id}/episode")).Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetRawText());
        events[..^1].Select(told => told.Data.GetRawText()).ShouldBe(page);
        events[^1].Data.Text("state").ShouldBe("released");

        Events((await Caller.SendAsync(Asked($"/v1/instances/{id}/episode", events[2].Id))).Body).Select(told => told.Id).ShouldBe(events[3..].Select(told => told.Id));
        (await Caller.SendAsync(Asked($"/v1/instances/{id}/episode", events[^1].Id))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Caller.SendAsync(Asked($"/v1/instances/{id}/episode", "nonsense"))).ProblemOf(HttpStatusCode.BadRequest, "invalid_request");
        (await Caller.SendAsync(Asked("/v1/instances/ghost/episode"))).ProblemOf(HttpStatusCode.NotFound, "unknown_instance");
    }

    [Fact]
    public async Task A_commands_end_is_an_event_and_until_then_it_runs()
    {
        var id = await CreatedAsync("faulty", "plain");
        var slow = Caller.PostAsync($"/v1/instances/{id}/steps", """{"action":{"role":"assistant","content":"slow 800ms"}}""", $"slow-{id}");
        var following = Caller.SendAsync(Asked($"/v1/commands/slow-{id}?wait=30"));

        var told = Events((await following).Body);

        told[^1].Type.ShouldBe("end");
        (await Caller.SendAsync(Asked($"/v1/commands/slow-{id}", told[^1].Id))).Status.ShouldBe(HttpStatusCode.NoContent);
        told[^1].Data.GetProperty("answer").GetRawText().ShouldBe((await slow).Json.GetProperty("answer").GetRawText());
    }

    [Fact]
    public async Task What_the_agent_can_do_is_asked_for_without_a_command()
    {
        var id = await CreatedAsync("bfcl", "simple_python_sample0");

        var told = (await Caller.GetAsync($"/v1/instances/{id}/info")).Json;

        told.Text("instance_id").ShouldBe(id);
        told.Text("info")!.ShouldContain("tank_volume");
        (await Caller.GetAsync($"/v1/instances/{id}/episode")).Json.GetProperty("entries").GetArrayLength().ShouldBe(1);
        (await Caller.GetAsync("/v1/instances/ghost/info")).ProblemOf(HttpStatusCode.NotFound, "unknown_instance");
    }

    private static HttpRequestMessage Asked(string path, string? last = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (last is not null) request.Headers.Add("Last-Event-ID", last);
        return request;
    }

    private static List<(string Type, string? Id, JsonElement Data)> Events(string body) =>
    [
        .. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block =>
        {
            var (type, id, data) = ("", (string?)null, new StringBuilder());
            foreach (var line in block.Split('\n'))
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
                else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data.Append(line[6..]);
            }

            return (type, id, JsonElement.Parse(data.ToString()));
        }),
    ];

    private async Task<string> CreatedAsync(string environment, string task)
    {
        var created = await Caller.PostAsync("/v1/instances", $$"""{"env_type":"{{environment}}","task_id":"{{task}}"}""");
        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);
        return created.Json.Text("instance_id");
    }
}
