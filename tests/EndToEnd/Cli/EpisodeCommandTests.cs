using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Cli;

/// <summary>Episodes by the command line: played again, exported, imported, forked.</summary>
public sealed class EpisodeCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_that_are_sound_validate_with_0()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("countdown"));
        var cli = new Sandqueue(program.Address);
        (await cli.JsonAsync("validate", "countdown", "--sample", "5")).GetProperty("summary").GetProperty("tasks").GetInt32().ShouldBe(5);
        (await cli.LinesAsync("validate", "countdown", "--sample", "2"))[^1].ShouldBe("countdown, train: 2 tasks, none fails");
    }

    [Theory]
    [InlineData("episodes.jsonl")]
    [InlineData("episodes.jsonl.gz")]
    public async Task What_is_exported_here_is_imported_there_and_replays_equal(string name)
    {
        await using var here = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        await using var there = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var (mine, theirs) = (new Sandqueue(here.Address), new Sandqueue(there.Address));
        using var folder = new TemporaryFolder();
        var file = folder.File(name);
        await mine.LinesAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "4", "--policy", "gold", "--batch-id", "b");
        await mine.LinesAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "2", "--policy", "random", "--max-steps", "3", "--batch-id", "noise");

        await mine.LinesAsync("export", "--env", "frozenlake", "--split", "val", "--batch", "b", "--min-reward", "1", "--end-reason", "goal", "--after", "2001-01-01T00:00:00Z", "-o", file);
        (await theirs.LinesAsync("import", file)).ShouldBe(["4 episodes were read; 4 are new here"]);
        (await theirs.JsonAsync("import", file)).GetProperty("stored").GetInt32().ShouldBe(0);

        var episode = JsonElement.Parse((await theirs.LinesAsync("episodes", "list", "--env", "frozenlake", "--json"))[0]);
        var again = await theirs.JsonAsync("replay", episode.GetProperty("episode_id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        again.GetProperty("replay").GetProperty("equal").GetBoolean().ShouldBeTrue(again.GetRawText());
        (await theirs.LinesAsync("replay", episode.GetProperty("instance_id").GetString()!)).ShouldContain("reward before 1, now 1");
        (await theirs.LinesAsync("drift", "frozenlake"))[^1].ShouldEndWith(" episodes are equal, 0 differ");
        (await mine.LinesAsync("export", "--format", "messages", "--batch", "b")).Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_file_with_a_broken_line_is_refused_with_file_and_line_and_nothing_is_stored()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var cli = new Sandqueue(program.Address);
        using var folder = new TemporaryFolder();
        var file = folder.File("episodes.jsonl");
        await cli.LinesAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "2", "--policy", "gold");
        await cli.LinesAsync("export", "-o", file);
        var lines = await File.ReadAllLinesAsync(file, Cancel);
        await File.WriteAllTextAsync(file, $"{lines[0]}\n{lines[1][..100]}", Cancel);

        (await cli.RefusedAsync(2, "import", file)).ShouldStartWith($"sandqueue: {file}: line 2: it is no JSON from byte 100");
        (await cli.LinesAsync("export")).Length.ShouldBe(2, "the first line was not stored either");
        (await cli.RefusedAsync(4, "export", "--batch", "none")).ShouldContain("there is no batch 'none'");
    }

    [Fact]
    public async Task An_episode_is_played_by_hand_shown_scored_anew_and_forked()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "countdown"));
        var cli = new Sandqueue(program.Address);
        var (code, said, errors) = await cli.WithInputAsync("<action>down</action>\n<action>right</action>\n/quit\n", "play", "frozenlake", "4x4-1000000");
        code.ShouldBe(0, errors);
        said[^1].ShouldStartWith("Score 0");
        var played = JsonElement.Parse((await cli.LinesAsync("episodes", "list", "--json"))[0]).GetProperty("instance_id").GetString()!;
        (await cli.LinesAsync("episodes", "show", played)).ShouldContain("-- step 2");

        var rescored = await cli.JsonAsync("rescore", played);
        (rescored.GetProperty("replay").GetProperty("source_reward").GetDouble(), rescored.GetProperty("replay").GetProperty("reward").GetDouble()).ShouldBe((0, 0));
        var forked = await cli.JsonAsync("fork", played, "--steps", "2", "--policy", "gold");
        (forked.GetProperty("reward").GetDouble(), forked.GetProperty("valid").GetBoolean()).ShouldBe((1, true), forked.GetRawText());
        (await cli.RunAsync("fork", played, "--steps", "9", "--policy", "gold")).Code.ShouldBe(1, "a fork beyond its end is no result");
        (await cli.RefusedAsync(4, "replay", "nothing-of-that-name")).ShouldContain("nothing-of-that-name");
    }

    [Fact]
    public async Task A_rollout_is_played_and_waited_for_again()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var cli = new Sandqueue(program.Address);
        using var folder = new TemporaryFolder();
        var file = folder.File("actions.jsonl");
        await File.WriteAllTextAsync(file, "{\"role\":\"assistant\",\"content\":\"<action>down</action>\"}\n\"<action>right</action>\"\n", Cancel);

        var rollout = await cli.JsonAsync("rollout", "frozenlake", "4x4-1000000", "--actions", file, "--rollout-id", "r");
        (rollout.GetProperty("end").GetString(), rollout.GetProperty("end_reason").GetString(), rollout.GetProperty("steps").GetInt32()).ShouldBe(("completed", "actions_over", 2));
        (await cli.JsonAsync("rollout", "--attach", "r")).GetRawText().ShouldBe(rollout.GetRawText());
        (await cli.LinesAsync("rollout", "frozenlake", "4x4-1000000", "--policy", "gold"))[0].ShouldContain("completed, reward 1, ended by goal");
    }
}
