using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Bfcl;

/// <summary>
/// A sample of the official checker's verdicts, played from outside. The environment's own tests compare all of them;
/// this one shows that nothing on the way through gateway, queue, worker and journal changes a verdict.
/// </summary>
public sealed class GoldenAnswersOverHttpTests
{
    private const int EveryNth = 40;
    private const int AtOnce = 16;

    [Fact]
    public async Task Verdicts_are_the_official_ones()
    {
        var data = SharedFolder.Require("data/bfcl");
        var lines = Lines(SharedFolder.Require("golden/bfcl_single_turn.jsonl.gz")).Where((_, index) => index % EveryNth == 0).ToList();
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("bfcl").With("SANDQUEUE_BFCL_DATA", data));
        var differences = new ConcurrentBag<string>();
        var compared = 0;
        await Parallel.ForEachAsync(lines, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (line, _) =>
        {
            var golden = JsonElement.Parse(line);
            if (Calls(golden.GetProperty("answer")) is not { } calls) return;
            Interlocked.Increment(ref compared);
            if (await PlayAsync(program.Caller, golden, calls) is { } difference) differences.Add(difference);
        });

        differences.ShouldBeEmpty();
        compared.ShouldBeGreaterThan(400);
        await program.EndAsync();
    }

    private static async Task<string?> PlayAsync(Caller caller, JsonElement golden, JsonArray calls)
    {
        var task = golden.Text("id");
        var instance = await caller.CreatedAsync("bfcl", task);
        var message = new JsonObject { ["role"] = "assistant", ["content"] = calls.Count == 0 ? "" : null, ["tool_calls"] = calls };
        var step = (await caller.PostAsync("/step", new JsonObject { ["instance_id"] = instance, ["messages"] = message }.ToJsonString())).Data;
        var evaluation = (await caller.EvaluateAsync(instance)).Data;
        await caller.ReleaseAsync(instance);

        var ours = $"{evaluation.GetProperty("valid").GetBoolean()} {evaluation.GetProperty("error_type").GetString()} {step.GetProperty("reward").GetDouble()}";
        var valid = golden.GetProperty("valid").GetBoolean();
        var theirs = $"{valid} {golden.GetProperty("error_type").GetString()} {(valid ? 1 : 0)}";
        return ours == theirs ? null : $"{task}: ours {ours}, official {theirs}";
    }

    /// <summary>An answer as native tool calls; null where it is not a list of {function: {parameter: value}}, which no message can carry.</summary>
    private static JsonArray? Calls(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array) return null;
        var calls = new JsonArray();
        foreach (var call in answer.EnumerateArray())
        {
            if (call.ValueKind != JsonValueKind.Object || call.EnumerateObject().Count() != 1) return null;
            var (name, arguments) = (call.EnumerateObject().First().Name, call.EnumerateObject().First().Value);
            if (arguments.ValueKind != JsonValueKind.Object) return null;
            calls.Add(new JsonObject
            {
                ["id"] = $"call_{calls.Count}",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments.GetRawText() },
            });
        }

        return calls;
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
