using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Faulty;

namespace SandQueue.Environments.Tests.Faulty;

public sealed class FaultyEnvironmentTests : IDisposable
{
    private readonly DirectoryInfo _marks = Directory.CreateTempSubdirectory("sandqueue-marks-");
    private int _crashes;

    public void Dispose() => _marks.Delete(recursive: true);

    [Fact]
    public void Three_of_a_kind_declare_different_things()
    {
        FaultyEnvironment.All().Select(environment => environment.Description)
            .Select(description => (description.Name, description.Replayable, description.EvaluateChangesState))
            .ShouldBe([("faulty", Replayable.Yes, false), ("faulty_unreplayable", Replayable.No, false), ("faulty_evaluate", Replayable.Yes, true)]);
    }

    [Fact]
    public void The_readme_and_the_rules_name_every_action()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "environments", "faulty", "README.md"));
        var actions = FaultyPrompt.Rules.Split(": ")[1].TrimEnd('.').Split(", ");
        actions.Length.ShouldBe(20);
        foreach (var action in actions) readme.ShouldContain($"| `{action}");
        foreach (var task in FaultyTask.FailingAtCreate) readme.ShouldContain($"`{task}`");
    }

    [Theory]
    [InlineData("echo hello  there", "hello  there")]
    [InlineData("echo", "")]
    [InlineData("nul", "before\0after")]
    [InlineData("count", "steps 1, evaluations 0")]
    [InlineData("big 12B", "xxxxxxxxxxxx")]
    [InlineData("eat 2KB", "holding 2048 bytes")]
    [InlineData("hang 1ms", "hung for 1ms")]
    [InlineData("slow 1ms", "worked for 1ms")]
    [InlineData("big much", "\"much\" is not a size below 2GB such as 64MB, 10KB or 100B")]
    [InlineData("big 2048MB", "\"2048MB\" is not a size below 2GB such as 64MB, 10KB or 100B")]
    [InlineData("hang 5", "\"5\" is not a time such as 500ms or 2s")]
    [InlineData("reward x", "\"x\" is not a reward such as 0.5, -1 or NaN")]
    public void An_action_has_an_observation(string action, string observation)
    {
        Step(Create(), action).Observation.ShouldBe(observation);
    }

    [Fact]
    public void A_surrogate_comes_alone()
    {
        Step(Create(), "surrogate").Observation.ShouldBe("before\ud800after");
    }

    [Fact]
    public void A_size_is_exact()
    {
        Step(Create(), "big 1MB").Observation.Length.ShouldBe(1024 * 1024);
    }

    [Fact]
    public void A_reward_and_an_end_are_as_asked_for()
    {
        var instance = Create();
        Step(instance, "reward 0.25").Reward.ShouldBe(0.25);
        Step(instance, "reward NaN").Reward.ShouldBe(double.NaN);
        Step(instance, "end").EndReason.ShouldBe("ended");
        Step(Create(), "end goal").EndReason.ShouldBe("goal");
        Step(instance, "count").ShouldSatisfyAllConditions(
            step => step.Observation.ShouldBe("The episode is over (ended)."),
            step => step.EndReason.ShouldBe("ended"));
    }

    [Fact]
    public void A_roll_is_the_seeds()
    {
        Step(Create(parameters: """{"seed":1}"""), "roll").Observation.ShouldBe(Step(Create(parameters: """{"seed":1}"""), "roll").Observation);
        Step(Create(parameters: """{"seed":1}"""), "roll").Observation.ShouldNotBe(Step(Create(parameters: """{"seed":2}"""), "roll").Observation);
    }

    [Fact]
    public void What_differs_differs_on_every_instance()
    {
        Step(Create(), "differ").Observation.ShouldNotBe(Step(Create(), "differ").Observation);
        Create("differ-create").Opening.User.ShouldNotBe(Create("differ-create").Opening.User);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("hang 300s")]
    [InlineData("slow 300s")]
    public void Cancelling_ends_what_lasts(string action)
    {
        var instance = Create();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Should.Throw<OperationCanceledException>(() => instance.Step(new AgentAction(action, []), cancel.Token));
        Step(instance, "count").Observation.ShouldBe("steps 1, evaluations 0");
    }

    [Fact]
    public void One_that_ignores_cancellation_goes_on()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Create().Step(new AgentAction("ignore-cancellation 1ms", []), cancel.Token).Observation.ShouldBe("hung for 1ms");
    }

    [Fact]
    public void A_crash_ends_the_process()
    {
        Step(Create(), "crash");
        _crashes.ShouldBe(1);
        Create("crash-create");
        _crashes.ShouldBe(2);
    }

    [Fact]
    public void Once_is_once_for_a_mark()
    {
        Step(Create(), "crash-once a");
        _crashes.ShouldBe(1);
        Step(Create(), "crash-once a").Observation.ShouldBe("crashed before: a");
        Step(Create(), "hang-once a").Observation.ShouldBe("hung before: a");
        _crashes.ShouldBe(1);
        Step(Create(), "crash-once b");
        _crashes.ShouldBe(2);
    }

    [Fact]
    public void Marks_are_kept_where_the_caller_says()
    {
        var other = _marks.CreateSubdirectory("other");
        Step(Create(parameters: JsonSerializer.Serialize(new { marks = other.FullName })), "crash-once a");
        File.Exists(Path.Combine(other.FullName, "a")).ShouldBeTrue();
        File.Exists(Path.Combine(_marks.FullName, "a")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("crash-once ../a", "is not a mark")]
    [InlineData("crash-once", "is not a mark")]
    [InlineData("refuse", "asked to be refused")]
    public void A_refusal_is_the_callers(string action, string message)
    {
        Should.Throw<InvalidRequestException>(() => Step(Create(), action)).Message.ShouldContain(message);
        _crashes.ShouldBe(0);
    }

    [Fact]
    public void Once_needs_a_folder()
    {
        using var instance = FaultyEnvironment.All(null, () => { })[0].Create("plain", EpisodeParameters.None);
        Should.Throw<InvalidRequestException>(() => Step(instance, "crash-once a")).Message.ShouldContain("SANDQUEUE_FAULTY_MARKS");
        using var lost = Create(parameters: """{"marks":"/no/such/folder"}""");
        Should.Throw<InvalidRequestException>(() => Step(lost, "crash-once a")).Message.ShouldContain("/no/such/folder");
    }

    [Fact]
    public void Failures_are_unexpected_exceptions()
    {
        Should.Throw<InvalidOperationException>(() => Step(Create(), "throw"));
        Should.Throw<InvalidOperationException>(() => Create("fail-create"));
        Should.Throw<InvalidRequestException>(() => Create("refuse-create"));
    }

    [Fact]
    public void Evaluation_and_release_fail_once_asked_to()
    {
        var instance = Create();
        instance.Evaluate(default);
        Step(instance, "fail-evaluate");
        Should.Throw<InvalidOperationException>(() => instance.Evaluate(default));
        instance.Dispose();
        Step(instance, "fail-release");
        Should.Throw<InvalidOperationException>(instance.Dispose);
    }

    [Fact]
    public void Only_the_one_that_says_so_is_changed_by_an_evaluation()
    {
        Seen(0).ShouldBe("steps 2, evaluations 0");
        Seen(2).ShouldBe("steps 2, evaluations 1");

        string Seen(int which)
        {
            var instance = Create(which: which);
            Step(instance, "count");
            instance.Evaluate(default);
            return Step(instance, "count").Observation;
        }
    }

    private IInstance Create(string task = "plain", string parameters = "{}", int which = 0)
    {
        using var document = JsonDocument.Parse(parameters);
        return FaultyEnvironment.All(_marks.FullName, () => _crashes++)[which].Create(task, new EpisodeParameters(document.RootElement.Clone()));
    }

    private static StepResult Step(IInstance instance, string action) => instance.Step(new AgentAction(action, []), TestContext.Current.CancellationToken);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Queue.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
