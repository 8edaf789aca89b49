using SandQueue.Contracts;
using SandQueue.Telemetry.Measures;

namespace SandQueue.Telemetry.Tests.Measures;

public sealed class CommandMeasuresTests
{
    private static readonly CommandTiming Timing = new(Waiting: 10, Environment: 40, Journal: 50);

    [Fact]
    public void A_command_that_ends_has_its_duration_by_verb_environment_and_end()
    {
        using var durations = new Collected<double>("sandqueue.command.duration", ("environment", "duration"));
        CommandMeasures.Ended(Commands.Step, "duration", "completed", cause: null, TimeSpan.FromMilliseconds(250), Timing);
        durations.Only.Value.ShouldBe(0.25);
        durations.Only.Tags.ShouldBe(new Dictionary<string, object?> { ["verb"] = "step", ["environment"] = "duration", ["end"] = "completed" }, ignoreOrder: true);
    }

    [Fact]
    public void Its_time_in_queues_is_what_its_worker_does_not_account_for()
    {
        using var times = new Collected<double>("sandqueue.command.queue_time", ("environment", "queue"));
        CommandMeasures.Ended(Commands.Step, "queue", "completed", cause: null, TimeSpan.FromMilliseconds(250), Timing);
        times.Only.Value.ShouldBe(0.15, 0.0001);
    }

    [Fact]
    public void An_answer_that_was_looked_up_says_nothing_about_queues()
    {
        using var times = new Collected<double>("sandqueue.command.queue_time", ("environment", "looked up"));
        CommandMeasures.Ended(Commands.Step, "looked up", "completed", cause: null, TimeSpan.FromMilliseconds(250), new CommandTiming(0, 0, 0));
        times.All.ShouldBeEmpty();
    }

    [Fact]
    public void A_step_and_an_evaluation_that_fail_miss_a_reward_and_a_create_does_not()
    {
        using var missing = new Collected<long>("sandqueue.reward.missing", ("environment", "missing"));
        CommandMeasures.Ended(Commands.Step, "missing", "failed", "infrastructure", TimeSpan.FromSeconds(1), timing: null);
        CommandMeasures.Ended(Commands.Evaluate, "missing", "failed", "infrastructure", TimeSpan.FromSeconds(1), timing: null);
        CommandMeasures.Ended(Commands.Create, "missing", "failed", "infrastructure", TimeSpan.FromSeconds(1), timing: null);
        CommandMeasures.Ended(Commands.Step, "missing", "rejected", cause: null, TimeSpan.FromSeconds(1), timing: null);
        missing.All.Select(one => one.Tags["verb"]).ShouldBe(["step", "evaluate"]);
        missing.All.ShouldAllBe(one => Equals(one.Tags["cause"], "infrastructure"));
    }

    [Fact]
    public void A_command_that_comes_again_is_counted_by_where_its_end_was()
    {
        using var duplicates = new Collected<long>("sandqueue.command.duplicate", ("found", "test"));
        CommandMeasures.CameAgain(Commands.Release, "test");
        duplicates.Only.Tags["verb"].ShouldBe("release");
    }

    [Fact]
    public void An_environment_that_nobody_knows_is_one_label()
    {
        using var durations = new Collected<double>("sandqueue.command.duration", ("end", "nowhere"));
        CommandMeasures.Ended(Commands.Create, environment: null, "nowhere", cause: null, TimeSpan.Zero, timing: null);
        durations.Only.Tags["environment"].ShouldBe("unknown");
    }
}
