using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Bfcl.SingleTurn;

/// <summary>Every recorded verdict of the official checker, compared with ours: on right answers and damaged ones.</summary>
public sealed class GoldenAnswersTests
{
    private readonly BfclEnvironment _environment = RealData.Require();

    [Fact]
    public void Native_calls_get_the_official_verdict_and_error_type()
    {
        Compare(calls => new AgentAction("", [.. calls.Select((call, index) => new NativeToolCall($"call_{index}", call.Name, call.Arguments))]));
    }

    [Fact]
    public void Calls_in_the_text_get_the_official_verdict_and_error_type()
    {
        Compare(calls => new AgentAction(Text(calls), []));
    }

    private void Compare(Func<IReadOnlyList<(string Name, string Arguments)>, AgentAction> write)
    {
        var differences = new ConcurrentBag<string>();
        var (compared, leftOut) = (0, new ConcurrentDictionary<string, int>());
        Parallel.ForEach(Lines(), line =>
        {
            using var document = JsonDocument.Parse(line);
            var golden = document.RootElement;
            if (Calls(golden.GetProperty("answer")) is not { } calls)
            {
                leftOut.AddOrUpdate(golden.GetProperty("variant").GetString()!, 1, (_, count) => count + 1);
                return;
            }

            Interlocked.Increment(ref compared);
            var id = golden.GetProperty("id").GetString()!;
            using var instance = _environment.Create(id, EpisodeParameters.None);
            var end = instance.Step(write(calls), CancellationToken.None);
            var evaluation = instance.Evaluate(default);
            var ours = $"{(bool)evaluation.Details["valid"]!} {(string?)evaluation.Details["error_type"]}";
            var theirs = $"{golden.GetProperty("valid").GetBoolean()} {golden.GetProperty("error_type").GetString()}";
            if (!theirs.EndsWith("cannot_find_match", StringComparison.Ordinal))
            {
                // Its words too; a failed match among parallel calls is told in words of our own.
                ours += $" {(string?)evaluation.Details["error"]}";
                theirs += $" {Errors(golden.GetProperty("error"))}";
            }

            var reward = golden.GetProperty("valid").GetBoolean() ? 1.0 : 0.0;
            if (ours != theirs || end.Reward != reward || evaluation.Score != reward || end.EndReason != "completed")
            {
                differences.Add($"{id} {golden.GetProperty("variant")}: ours {ours} ({end.Reward}), official {theirs}");
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{compared} verdicts compared, {differences.Count} differ; left out as not writable as tool calls: "
            + (leftOut.IsEmpty ? "none" : string.Join(", ", leftOut.Select(entry => $"{entry.Value} of kind {entry.Key}"))));
        differences.Take(20).ShouldBeEmpty();
        compared.ShouldBeGreaterThan(15_000);
    }

    private static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedFolder.Require("golden/bfcl_single_turn.jsonl.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static string? Errors(JsonElement errors) =>
        errors.ValueKind == JsonValueKind.Array ? string.Join("; ", errors.EnumerateArray().Select(error => error.GetString())) : null;

    // A decoded answer is a list of {function: {parameter: value}}; anything else no message can carry.
    private static List<(string Name, string Arguments)>? Calls(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array) return null;
        var calls = new List<(string, string)>();
        foreach (var call in answer.EnumerateArray())
        {
            if (call.ValueKind != JsonValueKind.Object || call.EnumerateObject().Count() != 1) return null;
            var entry = call.EnumerateObject().First();
            if (entry.Value.ValueKind != JsonValueKind.Object) return null;
            calls.Add((entry.Name, entry.Value.GetRawText()));
        }

        return calls;
    }

    private static string Text(IReadOnlyList<(string Name, string Arguments)> calls)
    {
        var text = new StringBuilder("<think>Not these: <tool_call>{\"name\": \"no\", \"arguments\": {}}</tool_call></think>\nHere it is.\n");
        foreach (var (name, arguments) in calls)
        {
            text.Append("<tool_call>\n{\"name\": ").Append(JsonSerializer.Serialize(name)).Append(", \"arguments\": ").Append(arguments).Append("}\n</tool_call>\n");
        }

        return text.ToString();
    }
}
