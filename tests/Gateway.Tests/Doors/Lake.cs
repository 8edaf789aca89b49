using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Doors;

/// <summary>An environment that answers at once: two tasks, one tool of each and one of both; three steps end an episode.</summary>
internal sealed class Lake
{
    public const string Catalogue = """[{"env_type":"lake","tasks":3,"unlimited":false,"data_source":"made up"},{"env_type":"talk","tasks":1,"data_source":"no tools"}]""";

    private const int LastStep = 3;

    private readonly ConcurrentDictionary<string, int> _steps = new();
    private int _limited;

    public Task<CommandOutcome> AnswerAsync(Command command) => Task.FromResult(Answer(command));

    private CommandOutcome Answer(Command command)
    {
        switch (command)
        {
            case ListTasks { Split: "train" }:
                return RecordingRouter.Completed("""["a","b","c"]""");
            case ListTasks { Split: "val" }:
                return RecordingRouter.Completed("[]");
            case ListTasks list:
                return new CommandOutcome.Rejected(CommandReason.InvalidRequest, $"unknown split '{list.Split}'; known are train and val");
            case CreateInstance { TaskId: "full" }:
                return new CommandOutcome.Rejected(CommandReason.NoCapacity, "no capacity");
            case CreateInstance { TaskId: "ghost" }:
                return new CommandOutcome.Rejected(CommandReason.InvalidRequest, "there is no task 'ghost'");
            case CreateInstance { TaskId: "limited" } when Interlocked.Increment(ref _limited) % 2 == 1:
                return new CommandOutcome.Rejected(CommandReason.OverLimit, "this tenant has its limit of instances");
            case CreateInstance { TaskId: "broken" }:
                return new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it broke\nat once", FailureCause.Infrastructure);
            case CreateInstance create:
                _steps[create.InstanceId] = 0;
                var tools = create.EnvType == "talk" ? "" : $$$$"""{"type":"function","function":{"name":"move","description":"Moves.","parameters":{"type":"object"}}},{"type":"function","function":{"name":"only_{{{{create.TaskId}}}}"}}""";
                return RecordingRouter.Completed(
                    $$$$"""{"state":[{"role":"system","content":"Rules."},{"role":"user","content":"Map of {{{{create.TaskId}}}}."}],"info":{"instance_id":"{{{{create.InstanceId}}}}","task_id":"{{{{create.TaskId}}}}","tools":[{{{{tools}}}}],"provenance":{"version":"7"}}}""");
            case StepInstance step:
                return Step(step);
            case EvaluateInstance:
                return RecordingRouter.Completed("""{"score":0.75,"details":"fine"}""");
            case ReleaseInstance { InstanceId: "stays" }:
                return new CommandOutcome.Unknown();
            default:
                return RecordingRouter.Completed("true");
        }
    }

    private CommandOutcome Step(StepInstance step)
    {
        var said = Encoding.UTF8.GetString(step.Action);
        if (said.Contains("fail", StringComparison.Ordinal)) return new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "the environment failed", FailureCause.Infrastructure);
        if (said.Contains("lost", StringComparison.Ordinal)) return new CommandOutcome.Failed(CommandReason.Lost, "the instance is lost", FailureCause.Infrastructure);
        if (said.Contains("unknown", StringComparison.Ordinal)) return new CommandOutcome.Unknown();
        if (said.Contains("slowly", StringComparison.Ordinal)) return new CommandOutcome.Expired("no answer came in time");
        var number = step.ExpectedStep ?? _steps.AddOrUpdate(step.InstanceId, 1, (_, before) => before + 1);
        var isLast = number >= LastStep;

        // Environments cut texts anywhere; half a pair is told as its escape.
        var odd = said.Contains("cut", StringComparison.Ordinal) ? ",\"odd\":\"\\ud83d\"" : "";
        return RecordingRouter.Completed(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"state":[{"role":"user","content":{{{JsonSerializer.Serialize($"Step {number}.")}}}}],"reward":{{{(isLast ? 1 : 0)}}}.0,"is_terminated":{{{(isLast ? "true" : "false")}}},"info":{"step":{{{number}}}{{{odd}}}{{{(isLast ? ",\"end_reason\":\"goal\",\"truncated\":false" : "")}}}}}"""));
    }
}
