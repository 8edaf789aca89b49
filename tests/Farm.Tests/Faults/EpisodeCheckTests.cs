using System.Text;
using SandQueue.Contracts;
using SandQueue.Farm.Tests.Parts;
using SandQueue.FaultRuns.Checking;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Models;
using SandQueue.Storage.Model;

namespace SandQueue.Farm.Tests.Faults;

/// <summary>A fault run that found nothing says something only if its checks find what there is to find.</summary>
public sealed class EpisodeCheckTests
{
    private const string Opening = """{"state":[{"role":"system","content":"."},{"role":"user","content":"A .\n. G\n\nWhich way do you go?"}],"info":{"instance_id":"i","task_id":"2x2-1"}}""";

    private readonly Findings _findings = new();
    private readonly List<JournalEntry> _entries = [];
    private readonly PlayedEpisode _played = new(new EpisodeName("frozenlake", "2x2-1", 0), "i", CommandProtection.Header);
    private readonly Instance _row = new() { Tenant = "c", InstanceId = "i", EnvType = "frozenlake", TaskId = "2x2-1", Params = [], EpisodeId = 1, State = InstanceState.Live };

    public EpisodeCheckTests()
    {
        Told(_played.Create(), ToldEnd.Completed, Opening);
        Record(_played.Commands[0], JournalKind.Create, 0, Opening);
        var step = Step("down");
        Told(step, ToldEnd.Completed, Answer(1, "You go down.\\n\\n. .\\nA G", 0));
        Record(step, JournalKind.Step, 1, Answer(1, "You go down.\\n\\n. .\\nA G", 0));
    }

    private JournalEntry Last => _entries[^1];

    [Fact]
    public void A_sound_episode_has_no_findings()
    {
        Run().ShouldBeTrue(string.Join("; ", _findings.Words));
        _findings.Words.ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_without_a_row_is_lost()
    {
        _entries.Remove(Last);
        Found(Broken.Lost);
    }

    [Fact]
    public void An_answer_of_other_bytes_is_lost()
    {
        Last.Answer = [.. Last.Answer[..^1], (byte)' ', (byte)'}'];
        Found(Broken.Lost);
    }

    [Fact]
    public void A_step_that_took_effect_though_its_client_was_told_that_it_failed_is_doubled()
    {
        _played.Commands[^1].Told = ToldEnd.Failed;
        Found(Broken.Doubled);
        _findings.Count(Broken.Contradicted).ShouldBe(1);
    }

    [Fact]
    public void A_move_that_was_made_twice_is_doubled()
    {
        // On a lake of three rows two moves down differ from one.
        var played = new PlayedEpisode(new EpisodeName("frozenlake", "3x3-1", 0), "i", CommandProtection.Header);
        var create = played.Create();
        var opening = Opening.Replace("A .\\n. G", "A . .\\n. . .\\n. . G", StringComparison.Ordinal);
        Told(create, ToldEnd.Completed, opening);
        var step = new SentCommand { Kind = CommandKind.Step, Key = "s", Step = 1, Content = "down", Body = [], Action = Action("down"), HasHeader = true };
        played.Commands.Add(step);
        var answer = Answer(1, "You go down.\\n\\n. . .\\n. . .\\nA . G", 0);
        Told(step, ToldEnd.Completed, answer);
        _entries.Clear();
        Record(create, JournalKind.Create, 0, opening);
        Record(step, JournalKind.Step, 1, answer);

        new EpisodeCheck(new RecordedEpisode(played, [_row], _entries), new Chances(), _findings).Run().ShouldBeFalse();

        _findings.Count(Broken.Doubled).ShouldBe(1, string.Join("; ", _findings.Words));
    }

    [Fact]
    public void A_reward_that_the_model_does_not_give_is_fabricated()
    {
        Rewrite(Answer(1, "You go down.\\n\\n. .\\nA G", 1));
        Found(Broken.Fabricated);
    }

    [Fact]
    public void An_observation_that_is_not_the_models_is_found()
    {
        Rewrite(Answer(1, "You go down.\\n\\n. A\\n. G", 0));
        Found(Broken.Misobserved);
    }

    [Fact]
    public void A_failure_with_a_reward_is_fabricated()
    {
        var failed = Step("up");
        (failed.Told, failed.Status, failed.Answer) = (ToldEnd.Failed, 500, Encoding.UTF8.GetBytes("""{"detail":"x","end":"failed","reward":0,"valid":false}"""));
        Found(Broken.Fabricated);
    }

    [Fact]
    public void An_instance_that_is_lost_or_diverged_is_found()
    {
        _row.State = InstanceState.Diverged;
        Found(Broken.Diverged);
        _row.State = InstanceState.Lost;
        Found(Broken.Lost);
    }

    [Fact]
    public void An_instance_nobody_released_and_that_is_gone_is_lost()
    {
        _row.State = InstanceState.Released;
        Found(Broken.Lost);
    }

    [Fact]
    public void A_command_without_an_end_is_unanswered()
    {
        Step("up");
        Found(Broken.Unanswered);
    }

    [Fact]
    public void Chance_that_differs_between_episodes_of_one_seed_is_found()
    {
        var chances = new Chances();
        chances.Agree("lake", 1, ["-1", "0"]).ShouldBeTrue();
        chances.Agree("lake", 1, ["0", "1"]).ShouldBeTrue();
        chances.Agree("lake", 1, ["1"]).ShouldBeFalse();
        chances.Agree("lake", 2, ["1"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("((1 + 2) * 3)", 9, 1)]
    [InlineData("(1 - (2 / 3))", 1, 3)]
    [InlineData("(7 / (0 - 14))", -1, 2)]
    public void An_expression_has_its_exact_value(string expression, int above, int below) =>
        Fraction.Calculate(expression).ShouldBe(new Fraction(above, below));

    [Fact]
    public void A_division_by_zero_has_no_value() => Fraction.Calculate("(1 / (2 - 2))").ShouldBeNull();

    private bool Run() => new EpisodeCheck(new RecordedEpisode(_played, [_row], _entries), new Chances(), _findings).Run();

    private void Found(Broken promise)
    {
        Run().ShouldBeFalse();
        _findings.Count(promise).ShouldBeGreaterThan(0, string.Join("; ", _findings.Words));
    }

    private SentCommand Step(string word)
    {
        var step = new SentCommand { Kind = CommandKind.Step, Key = $"i.step{_played.Commands.Count}", Step = _played.Commands.Count, Content = word, Body = [], Action = Action(word), HasHeader = true };
        _played.Commands.Add(step);
        return step;
    }

    private void Rewrite(string answer)
    {
        Last.Answer = Encoding.UTF8.GetBytes(answer);
        Told(_played.Commands[^1], ToldEnd.Completed, answer);
    }

    private void Record(SentCommand command, JournalKind kind, int step, string answer) => _entries.Add(new JournalEntry
    {
        Id = _entries.Count + 1,
        Tenant = "c",
        CommandId = command.Key!,
        EpisodeId = 1,
        Kind = kind,
        Step = step,
        End = CommandEnd.Completed,
        Action = command.Action,
        Answer = Encoding.UTF8.GetBytes(answer),
        Reward = kind == JournalKind.Step ? 0 : null,
        Worker = "worker-0123456789",
        Epoch = 1,
    });

    private static void Told(SentCommand command, ToldEnd end, string data) =>
        (command.Told, command.Status, command.Answer) = (end, 200, Encoding.UTF8.GetBytes($"{{\"success\":true,\"data\":{data}}}"));

    private static byte[] Action(string word) => Encoding.UTF8.GetBytes($"{{\"role\":\"assistant\",\"content\":\"<action>{word}</action>\"}}");

    private static string Answer(int step, string observation, double reward) =>
        $$$"""{"state":[{"role":"user","content":"{{{observation}}}"}],"reward":{{{reward}}},"is_terminated":false,"info":{"step":{{{step}}}}}""";
}
