using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using SandQueue.ModelServers;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Rollouts;

/// <summary>A batch of a model over real HTTP: most of its answers are gold, and the others err in every way.</summary>
public sealed class ModelBatchTests
{
    private const int Repeats = 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_books_say_what_the_endpoint_did_and_only_what_was_played_has_a_reward(bool isStreamed)
    {
        var heard = new ConcurrentDictionary<string, bool>();
        await using var server = await ModelServer.StartAsync(call => Reply(call, isFirst: heard.TryAdd(Convert.ToHexString(SHA256.HashData(call.Bytes)), true)), "sk-lake");
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var tasks = string.Join(',', Enumerable.Range(1_000_000, 40).Select(seed => $"\"8x8-{seed}\""));
        var body = $$$"""
            {"env_type":"frozenlake","batch_id":"b","tasks":[{{{tasks}}}],"repeats":{{{Repeats}}},"concurrency":16,
             "policy":{"type":"model","base_url":"{{{server.Address}}}","model":"m","api_key":"sk-lake","retries":1,"request_timeout_s":10,"stream":{{{(isStreamed ? "true" : "false")}}}}}
            """;
        var created = await program.Caller.PostAsync("/v1/batches", body);
        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);

        var closed = await program.Caller.GetAsync("/v1/batches/b?wait=110");

        Kind[] kinds = [.. server.Calls.Select(call => call.Task).Distinct().Select(KindOf)];
        int Of(params Kind[] wanted) => Repeats * kinds.Count(wanted.Contains);
        Text(closed.Json, "state").ShouldBe("closed", closed.Body);
        kinds.Length.ShouldBe(40, closed.Body);
        kinds.Distinct().Count().ShouldBe(5, "every kind is among the tasks");
        var ends = closed.Json.GetProperty("ends");
        (ends.GetProperty("completed").GetInt32(), ends.GetProperty("failed").GetInt32()).ShouldBe((Of(Kind.Gold, Kind.Busy), Of(Kind.Refuses, Kind.Broken, Kind.Hangs)), closed.Body);
        closed.Json.GetProperty("causes").GetRawText().ShouldBe($$"""{"policy":{{Of(Kind.Refuses, Kind.Broken, Kind.Hangs)}}}""");
        var reward = closed.Json.GetProperty("reward");
        (reward.GetProperty("mean").GetDouble(), reward.GetProperty("valid").GetInt32()).ShouldBe((1, Of(Kind.Gold, Kind.Busy)));

        foreach (var line in (await program.Caller.GetAsync("/v1/batches/b/results")).Body.TrimEnd('\n').Split('\n'))
        {
            var result = JsonElement.Parse(line);
            if (Text(result, "end") == "completed") continue;
            (result.GetProperty("reward").ValueKind, result.GetProperty("valid").GetBoolean(), Text(result, "cause")).ShouldBe((JsonValueKind.Null, false, "policy"));
        }

        var report = await program.Caller.GetAsync("/v1/batches/b/report");
        report.Status.ShouldBe(HttpStatusCode.OK, report.Body);
        foreach (var said in (string[])[program.Output, program.Errors, closed.Body, report.Body]) said.ShouldNotContain("sk-lake");
    }

    [Fact]
    public async Task Items_with_keys_of_their_own_are_retried_with_a_key_or_not_at_all()
    {
        var isDown = true;
        await using var server = await ModelServer.StartAsync(call => isDown ? new ModelReply.Status(422) : ModelReply.Say($"<action>{LakeMap.Way(Latest(call))}</action>"));
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        string Item(int seed) => $$$"""{"task_id":"4x4-{{{seed}}}","policy":{"type":"model","base_url":"{{{server.Address}}}","model":"m","api_key":"sk-{{{seed}}}","retries":0}}""";
        var created = await program.Caller.PostAsync("/v1/batches", $$"""{"env_type":"frozenlake","batch_id":"own","items":[{{Item(1)}},{{Item(2)}}]}""");
        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);
        var closed = await program.Caller.GetAsync("/v1/batches/own?wait=60");
        closed.Status.ShouldBe(HttpStatusCode.OK, closed.Body);
        closed.Json.GetProperty("ends").GetProperty("failed").GetInt32().ShouldBe(2, closed.Body);
        server.Calls.Select(call => call.Key).ShouldBe(["sk-1", "sk-2"], ignoreOrder: true);

        var refused = await program.Caller.PostAsync("/v1/batches/own/retry", "{}");
        (refused.Status, refused.Json.GetProperty("detail").GetString()!.Contains("send it again as api_key", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true), refused.Body);
        Text((await program.Caller.GetAsync("/v1/batches/own")).Json, "state").ShouldBe("closed");

        var unknown = await program.Caller.PostAsync("/v1/batches/own/retry", """{"rollout_id":"own-9","api_key":"sk-again"}""");
        (unknown.Status, unknown.Json.GetProperty("detail").GetString()).ShouldBe((HttpStatusCode.NotFound, "batch 'own' has no rollout 'own-9'"));

        isDown = false;
        var retried = await program.Caller.PostAsync("/v1/batches/own/retry", """{"rollout_id":"own-1","api_key":"sk-again"}""");
        retried.Status.ShouldBe(HttpStatusCode.OK, retried.Body);
        var again = await program.Caller.GetAsync("/v1/batches/own?wait=60");
        (again.Json.GetProperty("ends").GetProperty("completed").GetInt32(), again.Json.GetProperty("ends").GetProperty("failed").GetInt32()).ShouldBe((1, 1), again.Body);
        server.Calls.Skip(2).ShouldAllBe(call => call.Key == "sk-again");
        foreach (var said in (string[])[program.Output, program.Errors, again.Body]) said.ShouldNotContain("sk-again");
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static ModelReply Reply(ModelCall call, bool isFirst) => KindOf(call.Task) switch
    {
        Kind.Gold => ModelReply.Say($"<action>{LakeMap.Way(Latest(call))}</action>"),
        Kind.Busy when isFirst => new ModelReply.Status(429, RetryAfter: "0"),
        Kind.Busy => ModelReply.Say($"<action>{LakeMap.Way(Latest(call))}</action>"),
        Kind.Refuses => new ModelReply.Status(422),
        Kind.Broken => call.Number % 2 == 0 ? new ModelReply.Cut() : new ModelReply.Status(500),
        _ => new ModelReply.Hang(),
    };

    private static string Latest(ModelCall call) => call.Messages.Last(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;

    private static Kind KindOf(string task) => ModelServer.IsAmong(task, 70) ? Kind.Gold
        : ModelServer.IsAmong(task, 78) ? Kind.Busy
        : ModelServer.IsAmong(task, 86) ? Kind.Refuses
        : ModelServer.IsAmong(task, 93) ? Kind.Broken
        : Kind.Hangs;

    private enum Kind
    {
        Gold,
        Busy,
        Refuses,
        Broken,
        Hangs,
    }
}
