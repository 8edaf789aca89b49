using System.Text.Json;
using System.Text.RegularExpressions;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Tests.Episodes;

/// <summary>
/// What every environment owes its callers. A suite is one class that derives from this one and says what it serves
/// and how an agent plays it.
/// </summary>
public abstract partial class EnvironmentContract
{
    /// <summary>The environment.</summary>
    protected abstract IEnvironment Served { get; }

    /// <summary>Tasks that the suite plays; few, but of every kind.</summary>
    protected abstract IEnumerable<string> TasksToPlay { get; }

    /// <summary>The agent's messages for a task, wrong ones among them. They need not end the episode.</summary>
    protected abstract IEnumerable<AgentAction> ActionsOf(string taskId);

    private IEnvironment Environment => Served;

    [Fact]
    public void It_describes_itself()
    {
        var description = Environment.Description;
        description.Name.ShouldMatch("^[a-z][a-z0-9_]*$");
        description.Version.ShouldNotBeEmpty();
        description.ScorerVersion.ShouldNotBeEmpty();
        description.PromptVersion.ShouldNotBeEmpty();
        description.DataSource.ShouldNotBeEmpty();
        if (!description.Unlimited) description.DataHash.ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public void Every_split_lists_tasks_once_and_in_a_fixed_order()
    {
        Environment.Splits.ShouldContain("train");
        foreach (var split in Environment.Splits)
        {
            var tasks = Environment.ListTasks(split);
            tasks.ShouldBeUnique();
            Environment.ListTasks(split).ShouldBe(tasks);
        }

        Environment.ListTasks("train").ShouldNotBeEmpty();
    }

    [Fact]
    public void An_unknown_split_names_the_known_ones()
    {
        var message = Should.Throw<InvalidRequestException>(() => Environment.ListTasks("nope")).Message;
        message.ShouldContain("nope");
        foreach (var split in Environment.Splits) message.ShouldContain(split);
    }

    [Fact]
    public void An_unknown_task_is_refused_by_name()
    {
        Should.Throw<InvalidRequestException>(() => Environment.Create("no_such_task", EpisodeParameters.None)).Message.ShouldContain("no_such_task");
    }

    [Fact]
    public void An_opening_is_the_same_every_time()
    {
        foreach (var task in TasksToPlay) Opening(task).ShouldBe(Opening(task));
    }

    [Fact]
    public void Tools_are_function_schemas_with_names_every_model_api_takes()
    {
        foreach (var task in TasksToPlay)
        {
            using var instance = Environment.Create(task, EpisodeParameters.None);
            using var tools = JsonDocument.Parse(instance.Opening.Tools);
            foreach (var tool in tools.RootElement.EnumerateArray())
            {
                tool.GetProperty("type").GetString().ShouldBe("function");
                var function = tool.GetProperty("function");
                FunctionName().IsMatch(function.GetProperty("name").GetString()!).ShouldBeTrue(function.GetProperty("name").GetString());
                function.GetProperty("description").ValueKind.ShouldBe(JsonValueKind.String);
                function.GetProperty("parameters").GetProperty("type").GetString().ShouldBe("object");
            }
        }
    }

    [Fact]
    public void A_callers_own_wording_is_used()
    {
        foreach (var task in TasksToPlay)
        {
            using var parameters = JsonDocument.Parse("""{"prompt_template":{"system":"Only this.","user":"And this."}}""");
            using var instance = Environment.Create(task, new EpisodeParameters(parameters.RootElement.Clone()));
            (instance.Opening.System, instance.Opening.User).ShouldBe(("Only this.", "And this."));
        }
    }

    [Fact]
    public void Parameters_that_it_does_not_take_are_refused_and_the_ones_it_takes_are_checked()
    {
        var known = Environment.Description.Parameters.Select(parameter => parameter.Name).ToList();
        known.ShouldBeUnique();
        var message = Should.Throw<InvalidRequestException>(() => Read("""{"no_such_parameter":1}""")).Message;
        message.ShouldContain("no_such_parameter");
        foreach (var name in (string[])["max_steps", "prompt_template", "seed", .. known]) message.ShouldContain(name);
        foreach (var name in known) Should.Throw<InvalidRequestException>(() => Read($$"""{"{{name}}":[]}""")).Message.ShouldContain($"params.{name} must be ");
        foreach (var name in known) Should.NotThrow(() => Read($$"""{"{{name}}":null}"""));
    }

    [Fact]
    public void Before_the_first_step_there_is_a_score_and_no_end()
    {
        foreach (var task in TasksToPlay)
        {
            using var episode = new Episode(Environment.Create(task, EpisodeParameters.None), maxSteps: null);
            var evaluation = episode.Evaluate(default);
            evaluation.Score.ShouldBe(0);
            Ended(evaluation).ShouldBe((null, false));
        }
    }

    [Fact]
    public void Evaluations_say_how_the_episode_ended_as_its_steps_do()
    {
        foreach (var task in TasksToPlay)
        {
            var actions = ActionsOf(task).ToList();
            foreach (var limit in (int?[])[null, 1, 2, actions.Count])
            {
                using var episode = new Episode(Environment.Create(task, EpisodeParameters.None), limit);
                foreach (var (action, number) in actions.Select((action, index) => (action, index + 1)))
                {
                    var result = episode.Step(action, CancellationToken.None);
                    Ended(episode.Evaluate(default)).ShouldBe((result.EndReason, result.IsTruncated));
                    if (number >= limit) result.IsTerminated.ShouldBeTrue();
                    if (result.IsTerminated) break;
                }
            }
        }
    }

    [Fact]
    public void Every_native_tool_call_is_answered_once_and_in_order()
    {
        foreach (var task in TasksToPlay)
        {
            using var instance = Environment.Create(task, EpisodeParameters.None);
            foreach (var action in ActionsOf(task))
            {
                var result = instance.Step(action, TestContext.Current.CancellationToken);
                result.ToolMessages.Select(message => message.ToolCallId).ShouldBe(action.ToolCalls.Select(call => call.Id));
                if (result.IsTerminated) break;
            }
        }
    }

    [Fact]
    public void Evaluating_repeats_and_changes_nothing()
    {
        if (Environment.Description.EvaluateChangesState) return;

        foreach (var task in TasksToPlay)
        {
            Play(task, evaluateEachStep: true).ShouldBe(Play(task, evaluateEachStep: false));
        }
    }

    [Fact]
    public void A_replay_gives_the_same_observations_rewards_and_ends()
    {
        if (Environment.Description.Replayable != Replayable.Yes) return;

        foreach (var task in TasksToPlay) Play(task).ShouldBe(Play(task));
    }

    [Fact]
    public void Many_instances_at_once_do_not_disturb_each_other()
    {
        if (Environment.Description.Replayable != Replayable.Yes) return;

        var alone = TasksToPlay.ToDictionary(task => task, task => Play(task));
        Parallel.For(0, 64, index =>
        {
            var (task, expected) = alone.ElementAt(index % alone.Count);
            Play(task).ShouldBe(expected);
        });
    }

    private static (string? Reason, bool IsTruncated) Ended(Evaluation evaluation) =>
        (evaluation.Details["end_reason"]?.GetValue<string>(), evaluation.Details["truncated"]!.GetValue<bool>());

    private EpisodeParameters Read(string parameters) => EpisodeParameters.Read(JsonElement.Parse(parameters), Environment.Description);

    private string Opening(string task)
    {
        using var instance = Environment.Create(task, EpisodeParameters.None);
        var opening = instance.Opening;
        return string.Join('\n', opening.System, opening.User, System.Text.Encoding.UTF8.GetString(opening.Tools.Span), opening.Info?.ToJsonString());
    }

    /// <summary>The episode as one text: every observation, reward, end, tool message and the evaluation.</summary>
    private List<string> Play(string task, bool evaluateEachStep = false)
    {
        var record = new List<string>();
        using var instance = Environment.Create(task, EpisodeParameters.None);
        foreach (var action in ActionsOf(task))
        {
            var result = instance.Step(action, CancellationToken.None);
            record.Add($"{result.Role}: {result.Observation} ({result.Reward}, {result.EndReason}) [{string.Join(", ", result.ToolMessages)}] {result.Info?.ToJsonString()}");
            if (evaluateEachStep) Evaluate(instance).ShouldBe(Evaluate(instance));
            if (result.IsTerminated) break;
        }

        record.Add(Evaluate(instance));
        record.Add(instance.Describe());
        return record;
    }

    private static string Evaluate(IInstance instance)
    {
        var evaluation = instance.Evaluate(default);
        return $"{evaluation.Score} {evaluation.Details.ToJsonString()}";
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex FunctionName();
}
