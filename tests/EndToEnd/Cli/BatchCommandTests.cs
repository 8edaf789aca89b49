using System.Text.Json;
using SandQueue.ModelServers;

namespace SandQueue.EndToEnd.Cli;

/// <summary>Batches by the command line, on the real gateway.</summary>
public sealed class BatchCommandTests(SharedProgram program)
{
    private readonly Sandqueue _cli = new(program.Caller.Address);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gold_batch_waits_and_ends_with_one_line_for_scripts()
    {
        var (code, lines, errors) = await _cli.RunAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "5", "--policy", "gold", "--json");

        code.ShouldBe(0, errors);
        var last = JsonElement.Parse(lines.ShouldHaveSingleItem());
        last.GetProperty("batch").GetString()!.ShouldStartWith("b-");
        (last.GetProperty("items").GetInt32(), last.GetProperty("state").GetString()).ShouldBe((5, "closed"));
        last.GetProperty("ends").GetProperty("completed").GetInt32().ShouldBe(5);
        last.GetProperty("reward").GetProperty("mean").GetDouble().ShouldBe(1);
        last.GetProperty("reward").GetProperty("ci95").EnumerateArray().Select(side => side.GetDouble()).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task A_validation_draws_the_tasks_that_a_batch_draws()
    {
        var batch = await _cli.JsonAsync("batch", "run", "countdown", "--split", "train", "--sample", "5", "--seed", "7", "--policy", "gold");
        var played = (await _cli.LinesAsync("batch", "results", batch.GetProperty("batch").GetString()!)).Select(line => JsonElement.Parse(line).GetProperty("task_id").GetString());

        var validated = await _cli.LinesAsync("validate", "countdown", "--split", "train", "--sample", "5", "--seed", "7", "--json");

        validated[..^1].Select(line => JsonElement.Parse(line).GetProperty("task_id").GetString()).ShouldBe(played, ignoreOrder: true);
        JsonElement.Parse(validated[^1]).GetProperty("summary").GetProperty("failed").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_model_plays_with_a_stored_key_and_two_batches_are_reported_and_compared()
    {
        await using var model = await ModelServer.StartAsync(call => ModelReply.Say(call.Turn % 2 == 0 ? "<action>down</action>" : "<action>right</action>"), key: "sk-of-the-model");
        (await _cli.WithInputAsync("sk-of-the-model\n", "secrets", "set", "endpoint")).Code.ShouldBe(0);
        (await _cli.LinesAsync("secrets", "list")).ShouldContain(line => line.StartsWith("endpoint\t", StringComparison.Ordinal));

        var first = await _cli.JsonAsync(
            "batch", "run", "frozenlake", "--split", "val", "--sample", "4", "-n", "2", "--base-url", model.Address, "--model", "m", "--secret", "endpoint", "--temperature", "0.5", "--max-steps", "20", "--name", "stairs");
        var second = await _cli.JsonAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "4", "-n", "2", "--policy", "gold");

        (first.GetProperty("items").GetInt32(), first.GetProperty("reward").GetProperty("valid").GetInt32()).ShouldBe((8, 8));
        model.Calls.ShouldAllBe(call => call.Key == "sk-of-the-model" && call.Body.GetProperty("temperature").GetDouble() == 0.5);
        var (one, two) = (first.GetProperty("batch").GetString()!, second.GetProperty("batch").GetString()!);
        (await _cli.LinesAsync("batch", "list")).ShouldContain(line => line.StartsWith($"{one}\tstairs\tfrozenlake\tmodel m\tclosed\t8\t8\t", StringComparison.Ordinal));
        (await _cli.LinesAsync("batch", "show", one))[0].ShouldStartWith($"{one} is closed: 8 of 8 rollouts have ended (8 completed)");
        var results = await _cli.LinesAsync("batch", "results", one, "--follow");
        results.Select(line => JsonElement.Parse(line)).ShouldAllBe(line => line.GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0);
        string.Concat(results).ShouldNotContain("sk-of-the-model");

        (await _cli.LinesAsync("batch", "report", one)).ShouldContain(line => line.Contains("pass", StringComparison.Ordinal));
        (await _cli.JsonAsync("batch", "report", one)).GetProperty("reward").GetProperty("mean").ValueKind.ShouldBe(JsonValueKind.Number);
        (await _cli.JsonAsync("batch", "compare", one, two)).ValueKind.ShouldBe(JsonValueKind.Object);
        using var folder = new TemporaryFolder();
        foreach (var words in (string[][])[["report", one], ["compare", one, two]])
        {
            var page = folder.File($"{words[0]}.html");
            await _cli.LinesAsync(["batch", .. words, "-o", page]);
            (await File.ReadAllTextAsync(page, Cancel)).ShouldStartWith("<!doctype html>");
        }

        await _cli.LinesAsync("secrets", "remove", "endpoint");
    }

    [Fact]
    public async Task A_batch_is_paused_tuned_resumed_cancelled_and_played_again()
    {
        var id = (await _cli.JsonAsync("batch", "run", "frozenlake", "--split", "train", "--sample", "400", "--concurrency", "1", "--policy", "gold", "--detach")).GetProperty("batch").GetString()!;

        (await _cli.JsonAsync("batch", "pause", id)).GetProperty("state").GetString().ShouldBe("paused");
        (await _cli.RunAsync("batch", "watch", id)).Code.ShouldBe(6, "somebody has to resume it");
        var tuned = await _cli.JsonAsync("batch", "tune", id, "--concurrency", "3", "--endpoint-concurrency", "2", "--priority", "5");
        (tuned.GetProperty("concurrency").GetInt32(), tuned.GetProperty("endpoint_concurrency").GetInt32(), tuned.GetProperty("priority").GetInt32()).ShouldBe((3, 2, 5));
        (await _cli.JsonAsync("batch", "resume", id)).GetProperty("state").GetString().ShouldBe("running");
        await _cli.LinesAsync("batch", "cancel", id);
        var (code, lines, errors) = await _cli.RunAsync("batch", "watch", id, "--json");
        code.ShouldBe(1, errors);
        var cancelled = JsonElement.Parse(lines[^1]).GetProperty("ends").GetProperty("cancelled").GetInt32();
        cancelled.ShouldBeGreaterThan(100);

        var task = (await _cli.LinesAsync("batch", "results", id)).Select(line => JsonElement.Parse(line)).First(line => line.GetProperty("end").GetString() == "cancelled").GetProperty("task_id").GetString()!;
        await _cli.LinesAsync("batch", "retry", id, "--end", "cancelled", "--task", task);
        var (again, last, _) = await _cli.RunAsync("batch", "watch", id, "--json", "--min-valid", "0");
        (again, JsonElement.Parse(last[^1]).GetProperty("ends").GetProperty("cancelled").GetInt32()).ShouldBe((0, cancelled - 1));
    }

    [Fact]
    public async Task An_endpoint_that_refuses_everybody_pauses_the_batch_and_the_program_says_so()
    {
        await using var model = await ModelServer.StartAsync(_ => ModelReply.Say("<action>down</action>"), key: "another");

        var (code, lines, errors) = await _cli.RunAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "6", "--base-url", model.Address, "--model", "m", "--json");

        code.ShouldBe(6, errors);
        var last = JsonElement.Parse(lines[^1]);
        last.GetProperty("state").GetString().ShouldBe("paused");
        last.GetProperty("pause_reason").GetString()!.ShouldContain("401");
        errors.ShouldContain($"'sandqueue batch resume {last.GetProperty("batch").GetString()}' goes on");
        await _cli.LinesAsync("batch", "cancel", last.GetProperty("batch").GetString()!);
    }

    [Theory]
    [InlineData(4, "did you mean frozenlake", "frozenlak", "--split", "val", "--policy", "gold")]
    [InlineData(4, "no task 'simple_pythn_sample0' (did you mean 'simple_python_sample0'?); nothing was started", "bfcl", "--task", "simple_pythn_sample0", "--policy", "gold")]
    [InlineData(4, "nope", "countdown", "--split", "nope", "--policy", "gold")]
    [InlineData(4, "secret 'none'", "frozenlake", "--split", "val", "--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--secret", "none")]
    [InlineData(2, "--policy cannot be 'golden'", "frozenlake", "--split", "val", "--policy", "golden")]
    [InlineData(2, "--sample", "frozenlake", "--split", "val", "--policy", "gold", "--sample", "many")]
    public async Task What_is_wrong_is_one_line_and_nothing_is_started(int code, string said, params string[] words)
    {
        var before = (await _cli.LinesAsync("batch", "list", "--json", "--limit", "1000")).Length;
        (await _cli.RefusedAsync(code, ["batch", "run", .. words])).ShouldContain(said);
        (await _cli.LinesAsync("batch", "list", "--json", "--limit", "1000")).Length.ShouldBeGreaterThanOrEqualTo(before);
    }

    [Fact]
    public async Task A_broken_line_of_a_file_is_named_and_nothing_is_started()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("items.jsonl");
        await File.WriteAllTextAsync(file, "{\"task_id\":\"4x4-0\",\"actions\":[\"<action>down</action>\"]}\n{\"task_id\":\n", Cancel);

        (await _cli.RefusedAsync(2, "batch", "run", "frozenlake", "--items", file)).ShouldContain($"{file}, line 2");
    }
}
