using System.Net;
using System.Text;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Rollouts;

/// <summary>Episodes out of one program and into another.</summary>
public sealed class ExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exported_and_imported_episode_replays_equal(bool isGzip)
    {
        await using var here = await PlayedAsync();
        await using var there = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var file = await BytesAsync(here, $"/v1/export?gzip={(isGzip ? "true" : "false")}");

        var imported = await there.Caller.PostAsync("/v1/import", file);

        imported.Status.ShouldBe(HttpStatusCode.OK, imported.Body);
        (imported.Json.GetProperty("episodes").GetInt64(), imported.Json.GetProperty("stored").GetInt64()).ShouldBe((9, 9));
        var (code, output, errors) = await there.RunBesideAsync("determinism", "frozenlake", "--times", "1");
        code.ShouldBe(0, $"{output}{errors}");
        output.ShouldContain("\"share\":1");

        var (before, after) = (await LinesAsync(here, "/v1/export"), await LinesAsync(there, "/v1/export"));
        Texts(after, "digest").ShouldBe(Texts(before, "digest"));
        after.Single(line => line.GetProperty("instance_id").GetString()!.EndsWith("-odd", StringComparison.Ordinal)).GetProperty("entries")[1].GetProperty("action_text").GetString()!.ShouldContain("\n");
        after.ShouldAllBe(line => line.GetProperty("entries")[0].GetProperty("worker").GetString() == "imported");
        (await there.Caller.PostAsync("/v1/import", file)).Json.GetProperty("stored").GetInt64().ShouldBe(0, "it is there already");
    }

    [Fact]
    public async Task Filters_leave_out_what_they_say()
    {
        await using var program = await PlayedAsync();
        var all = await LinesAsync(program, "/v1/export");
        var won = await LinesAsync(program, "/v1/export?min_reward=1&end=goal&env_type=frozenlake&split=val");

        won.Length.ShouldBeInRange(4, 7);
        won.ShouldAllBe(line => line.GetProperty("reward").GetDouble() == 1 && line.GetProperty("end_reason").GetString() == "goal");
        (await LinesAsync(program, "/v1/export?max_reward=0")).ShouldAllBe(line => line.GetProperty("reward").GetDouble() == 0);
        (await LinesAsync(program, "/v1/export?env_type=countdown")).ShouldBeEmpty();
        (await LinesAsync(program, "/v1/export?env_type=frozenlake&split=train")).Length.ShouldBe(1, "the odd one alone is of it");
        (await LinesAsync(program, "/v1/export?after=2001-01-01T00:00:00Z")).Length.ShouldBe(all.Length);
        (await LinesAsync(program, "/v1/export?before=2001-01-01T00:00:00Z")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_format_has_what_its_readers_need()
    {
        await using var program = await PlayedAsync();

        var messages = await LinesAsync(program, "/v1/export?format=messages&min_reward=1");
        messages[0].GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()).Take(4).ShouldBe(["system", "user", "assistant", "tool"]);
        messages[0].GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString().ShouldBe("move");

        var pairs = await LinesAsync(program, "/v1/export?format=preferences");
        pairs.Length.ShouldBe(2, "one a task");
        pairs[0].GetProperty("prompt").GetArrayLength().ShouldBe(2);
        pairs[0].GetProperty("chosen")[0].GetProperty("role").GetString().ShouldBe("assistant");
        pairs[0].GetProperty("chosen_reward").GetDouble().ShouldBeGreaterThan(pairs[0].GetProperty("rejected_reward").GetDouble());

        var (nemo, failures) = (await LinesAsync(program, "/v1/export?format=nemo"), await LinesAsync(program, "/v1/export?format=nemo_failures"));
        (nemo.Length, failures.Length).ShouldBe((8, 1));
        nemo.Concat(failures).Select(line => (line.GetProperty("_ng_task_index").GetInt32(), line.GetProperty("_ng_rollout_index").GetInt32())).ShouldBeUnique();
        var won = nemo.First(line => line.GetProperty("reward").GetDouble() == 1);
        won.GetProperty("response").GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()).Take(2).ShouldBe(["function_call", "function_call_output"]);
        won.GetProperty("responses_create_params").GetProperty("tools")[0].GetProperty("name").GetString().ShouldBe("move");
        (failures[0].GetProperty("_ng_failure_class").GetString(), failures[0].GetProperty("reward").ValueKind).ShouldBe(("not_evaluated", JsonValueKind.Null));

        var traces = await LinesAsync(program, "/v1/export?format=verifiers");
        traces.Length.ShouldBe(9);
        var nodes = traces.First(trace => trace.GetProperty("nodes").GetArrayLength() > 3).GetProperty("nodes");
        (nodes[0].GetProperty("parent").ValueKind, nodes[2].GetProperty("parent").GetInt32(), nodes[2].GetProperty("sampled").GetBoolean()).ShouldBe((JsonValueKind.Null, 1, true));
    }

    [Theory]
    [InlineData("/v1/export?format=csv", "format in the query must be one of episodes, messages, preferences, nemo, nemo_failures, verifiers, not 'csv'")]
    [InlineData("/v1/export?min_reward=much", "min_reward in the query must be a number, not 'much'")]
    [InlineData("/v1/export?after=yesterday", "after in the query must be a time")]
    [InlineData("/v1/export?split=train", "split in the query needs env_type")]
    [InlineData("/v1/export?env_type=frozenlake&split=nope", "nope")]
    public async Task A_wrong_export_is_refused(string path, string detail)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var answer = await program.Caller.GetAsync(path);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Body);
        answer.Json.GetProperty("detail").GetString()!.ShouldContain(detail);
    }

    [Fact]
    public async Task Episodes_of_a_batch_are_exported_by_its_name()
    {
        await using var program = await PlayedAsync();
        foreach (var name in (string[])["one", "one-1"])
        {
            (await program.Caller.PostAsync("/v1/batches", $$"""{"env_type":"frozenlake","batch_id":"{{name}}","split":"val","sample":{"n":3,"seed":1},"repeats":2,"policy":{"type":"gold"} }""")).Status.ShouldBe(HttpStatusCode.Created);
            (await program.Caller.GetAsync($"/v1/batches/{name}?wait=50")).Json.GetProperty("state").GetString().ShouldBe("closed");
        }

        var lines = await LinesAsync(program, "/v1/export?batch_id=one");

        Texts(lines, "instance_id").ShouldBe(Enumerable.Range(0, 6).Select(number => $"rollout-one-{number}-1"));
        (await LinesAsync(program, "/v1/export?batch_id=one&max_reward=0")).ShouldBeEmpty();
        (await LinesAsync(program, "/v1/export?batch_id=one-1&format=messages")).Length.ShouldBe(6);
        (await program.Caller.GetAsync("/v1/export?batch_id=none")).ProblemOf(HttpStatusCode.NotFound, "unknown_batch").GetProperty("detail").GetString()!.ShouldContain("there is no batch 'none'");
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Gateway__MaxImportBytes", "1000"));
        var answer = await program.Caller.PostAsync("/v1/import", new byte[1001]);
        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, answer.Body);
        answer.Json.GetProperty("detail").GetString()!.ShouldContain("at most 1000 bytes are taken (Gateway:MaxImportBytes); nothing was stored");
    }

    [Fact]
    public async Task A_wrong_file_is_refused_with_the_line_that_is_wrong()
    {
        await using var program = await PlayedAsync();
        await using var other = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var lines = Encoding.UTF8.GetString(await BytesAsync(program, "/v1/export?min_reward=1")).TrimEnd('\n').Split('\n');
        var gzip = await BytesAsync(program, "/v1/export?min_reward=1&gzip=true");

        await RefusedAsync(other, Encoding.UTF8.GetBytes($"{lines[0]}\n\n{lines[1][..200]}"), "line 3: it is no JSON from byte", "nothing was stored");
        await RefusedAsync(other, Encoding.UTF8.GetBytes(lines[0].Replace("sandqueue.episode/1", "sandqueue.episode/9", StringComparison.Ordinal)), "line 1: its form is \"sandqueue.episode/9\"");
        await RefusedAsync(other, Encoding.UTF8.GetBytes("""{"messages":[]}"""), "line 1: it has no \"form\"");
        await RefusedAsync(other, Encoding.UTF8.GetBytes(lines[0].Replace("\"step\":2,", "\"step\":3,", StringComparison.Ordinal)), "line 1: its step 2 is missing");
        await RefusedAsync(other, Encoding.UTF8.GetBytes(lines[1].Replace("You go", "You went", StringComparison.Ordinal)), "line 1: its digest is not that of its entries");
        await RefusedAsync(other, gzip[..(gzip.Length / 2)], "cut or broken");
        (await LinesAsync(other, "/v1/export")).ShouldBeEmpty("a file is imported whole or not at all");
    }

    [Fact]
    public async Task Another_tenant_has_none_of_it()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one,two=key-two"));
        using var one = program.CallerWithKey("key-one");
        using var two = program.CallerWithKey("key-two");
        (await one.PostAsync("/v1/environments/frozenlake/validations", """{"split":"val","sample":1}""")).Status.ShouldBe(HttpStatusCode.OK);

        (await one.GetAsync("/v1/export")).Body.ShouldNotBeEmpty();
        (await two.GetAsync("/v1/export")).Body.ShouldBeEmpty();
    }

    /// <summary>Two tasks played four times each, and one episode that nobody evaluated, whose action has line breaks between its values.</summary>
    private static async Task<RunningProgram> PlayedAsync()
    {
        var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        (await program.Caller.PostAsync("/v1/environments/frozenlake/validations", """{"split":"val","sample":2}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await program.Caller.PostAsync("/v1/instances", """{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"odd"}""")).Status.ShouldBe(HttpStatusCode.Created);
        (await program.Caller.PostAsync("/v1/instances/odd/steps", "{\"action\":{\n\"role\":\"assistant\",\n\"content\":\"down\"}}")).Status.ShouldBe(HttpStatusCode.OK);
        (await program.Caller.DeleteAsync("/v1/instances/odd")).Status.ShouldBe(HttpStatusCode.OK);
        return program;
    }

    private static async Task RefusedAsync(RunningProgram program, byte[] file, params string[] parts)
    {
        var answer = await program.Caller.PostAsync("/v1/import", file);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Body);
        foreach (var part in parts) answer.Json.GetProperty("detail").GetString()!.ShouldContain(part);
    }

    private static async Task<JsonElement[]> LinesAsync(RunningProgram program, string path)
    {
        var answer = await program.Caller.GetAsync(path);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static async Task<byte[]> BytesAsync(RunningProgram program, string path)
    {
        using var http = new HttpClient { BaseAddress = program.Address };
        return await http.GetByteArrayAsync(new Uri(path, UriKind.Relative), Cancel);
    }

    private static IEnumerable<string?> Texts(JsonElement[] lines, string name) => lines.Select(line => line.GetProperty(name).GetString()).Order(StringComparer.Ordinal);
}
