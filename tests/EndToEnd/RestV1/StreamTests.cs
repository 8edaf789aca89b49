using System.Globalization;
using System.Net;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>Server-sent events under <c>/v1</c>, on the real program.</summary>
public sealed class StreamTests(SharedProgram shared)
{
    private const string Left = """{"action":{"role":"assistant","content":"left"}}""";

    private Caller Caller => shared.Caller;

    [Fact]
    public async Task An_episode_is_followed_as_it_is_played_to_its_end_and_from_any_entry_on()
    {
        var id = await CreatedAsync("frozenlake", "8x8-0");
        var path = $"/v1/instances/{id}/episode";
        List<EventReader.Event> told = [];
        await using (var stream = await EventReader.OpenAsync(Caller.Address, path))
        {
            (stream.ContentType, stream.CacheControl).ShouldBe(("text/event-stream", "no-cache,no-store"));

            // Each is told before the next is sent: nobody waits for the end of the episode.
            await NextAsync("create", answer: null);
            await NextAsync("step", (await Caller.PostAsync($"/v1/instances/{id}/steps", Left)).Json);
            await NextAsync("step", (await Caller.PostAsync($"/v1/instances/{id}/steps", Left)).Json);
            await NextAsync("evaluate", (await Caller.PostAsync($"/v1/instances/{id}/evaluations", "")).Json);
            await NextAsync("release", (await Caller.DeleteAsync($"/v1/instances/{id}")).Json);

            var end = (await stream.ReadAsync())!;
            told.Add(end);
            (end.Type, end.Data.Text("state"), end.Data.Text("instance_id")).ShouldBe(("end", "released", id));
            (await stream.ReadAsync()).ShouldBeNull("the stream has ended by itself");

            async Task NextAsync(string kind, JsonElement? answer)
            {
                var next = (await stream.ReadAsync())!;
                told.Add(next);
                (next.Type, next.Data.Text("kind")).ShouldBe(("entry", kind));
                if (answer is { } answered) next.Data.GetProperty("answer").GetRawText().ShouldBe(answered.GetProperty("answer").GetRawText());
            }
        }

        var page = (await Caller.GetAsync(path)).Json;
        var episode = page.GetProperty("episode_id").GetInt64();
        told[..^1].Select(entry => entry.Data.GetRawText()).ShouldBe(page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetRawText()));
        told[^1].Id.ShouldBe($"{episode}.end");
        var positions = told[..^1].Select(entry => entry.Id!.Split('.')).ToList();
        positions.ShouldAllBe(position => position.Length == 2 && position[0] == $"{episode}");
        positions.Select(position => long.Parse(position[1], CultureInfo.InvariantCulture)).ShouldBeInOrder(SortDirection.Ascending);

        for (var from = 0; from < told.Count - 1; from++)
        {
            await using var again = await EventReader.OpenAsync(Caller.Address, path, told[from].Id);
            foreach (var expected in told[(from + 1)..])
            {
                var next = (await again.ReadAsync())!;
                (next.Type, next.Id, next.Data.GetRawText()).ShouldBe((expected.Type, expected.Id, expected.Data.GetRawText()));
            }

            (await again.ReadAsync()).ShouldBeNull();
        }

        (await Caller.SendAsync(Asked(path, told[^1].Id))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Caller.SendAsync(Asked(path, "nonsense"))).ProblemOf(HttpStatusCode.BadRequest, "invalid_request");
        (await Caller.SendAsync(Asked("/v1/instances/ghost/episode"))).ProblemOf(HttpStatusCode.NotFound, "unknown_instance");
    }

    [Fact]
    public async Task A_commands_end_is_the_one_event_and_until_then_it_runs()
    {
        var id = await CreatedAsync("faulty", "plain");

        // Long enough for a slow machine to open two streams meanwhile.
        var (command, path) = ($"slow-{id}", $"/v1/commands/slow-{id}");
        var slow = Caller.PostAsync($"/v1/instances/{id}/steps", """{"action":{"role":"assistant","content":"hang 12s"}}""", command);
        await Until.TrueAsync("it is under way", async () => (await Caller.GetAsync(path)).Status == HttpStatusCode.Accepted, TimeSpan.FromSeconds(20));

        await using (var waiting = await EventReader.OpenAsync(Caller.Address, $"{path}?wait=0.1"))
        {
            var runs = (await waiting.ReadAsync())!;
            (runs.Type, runs.Id).ShouldBe(("waiting", null));
            runs.Data.GetRawText().ShouldBe($$"""{"command_id":"{{command}}","instance_id":"{{id}}","state":"running"}""");
            (await waiting.ReadAsync()).ShouldBeNull("its time is over");
        }

        await using var following = await EventReader.OpenAsync(Caller.Address, $"{path}?wait=30");
        slow.IsCompleted.ShouldBeFalse("the stream has begun before there is anything to tell");
        var end = (await following.ReadAsync())!;
        (await following.ReadAsync()).ShouldBeNull("nothing follows the end");

        (end.Type, end.Id).ShouldBe(("end", "end"));
        end.Data.GetRawText().ShouldBe((await slow).Body);
        (await Caller.SendAsync(Asked(path, end.Id))).Status.ShouldBe(HttpStatusCode.NoContent);
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

    private async Task<string> CreatedAsync(string environment, string task)
    {
        var created = await Caller.PostAsync("/v1/instances", $$"""{"env_type":"{{environment}}","task_id":"{{task}}"}""");
        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);
        return created.Json.Text("instance_id");
    }
}
