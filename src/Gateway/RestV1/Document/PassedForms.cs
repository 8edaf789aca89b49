using System.ComponentModel;
using System.Text.Json;
using SandQueue.Gateway.RestV1.Answers;

namespace SandQueue.Gateway.RestV1.Document;

// The forms of requests and answers whose bytes pass through as they are: only the OpenAPI document reads these types.

[Description("A message of a conversation")]
internal sealed record Message(string Role, string Content);

[Description("The agent's message, as model servers send it")]
internal sealed record AgentMessage
{
    [Description("assistant")]
    public string? Role { get; init; }

    [Description("A string, a list of parts, or null")]
    public object? Content { get; init; }

    [Description("Native calls: a list, or null")]
    public object? ToolCalls { get; init; }
}

internal sealed record CreateRequest(
    [property: Description("An environment, as frozenlake")] string EnvType,
    [property: Description("One of its task ids")] string TaskId)
{
    [Description("A name of your own, at most 200 characters; it protects the command as a key does")]
    public string? InstanceId { get; init; }

    [Description("What the environment takes, as seed and max_steps")]
    public Dictionary<string, JsonElement>? Params { get; init; }
}

internal sealed record StepRequest(AgentMessage Action)
{
    [Description("The number that the step must have in its episode, from 1; without it, the next")]
    public int? Step { get; init; }

    [Description("What the environment takes with a step")]
    public Dictionary<string, JsonElement>? Params { get; init; }
}

internal sealed record VectorStep(string InstanceId, AgentMessage Action)
{
    [Description("The number that the step must have in its episode, from 1; without it, the next")]
    public int? Step { get; init; }

    [Description("An id of your own for this step, at most 200 characters: sent again, it gets the first answer")]
    public string? CommandId { get; init; }

    [Description("What the environment takes with a step")]
    public Dictionary<string, JsonElement>? Params { get; init; }
}

internal sealed record StepsRequest([property: Description("At most Gateway:MaxVectorSteps, one an instance")] IReadOnlyList<VectorStep> Steps);

internal sealed record EvaluateRequest
{
    [Description("What the environment takes besides the episode")]
    public Dictionary<string, JsonElement>? Messages { get; init; }

    [Description("What the environment takes; {\"sparse\": true} asks for the bare number")]
    public Dictionary<string, JsonElement>? Params { get; init; }
}

internal sealed record CreateAnswer(
    [property: Description("Exactly two messages, system and user")] IReadOnlyList<Message> State,
    [property: Description("instance_id, task_id, tools (OpenAI function schemas), provenance")] Dictionary<string, JsonElement> Info);

internal sealed record StepAnswer(
    [property: Description("Exactly one message")] IReadOnlyList<Message> State,
    double? Reward,
    bool IsTerminated,
    [property: Description("step, its number; at the end end_reason and truncated")] Dictionary<string, JsonElement> Info);

internal sealed record CreateResult(string CommandId, string InstanceId, string End, CreateAnswer Answer);

internal sealed record StepResult(string CommandId, string InstanceId, string End, StepAnswer Answer);

internal sealed record EvaluateResult(
    string CommandId, string InstanceId, string End, [property: Description("An object with score, or a number where params.sparse is true")] object Answer);

internal sealed record ReleaseResult(string CommandId, string InstanceId, string End, bool Answer);

[Description("The end of one step: its answer where it completed, else its problem")]
internal sealed record StepEnd(string CommandId, string InstanceId, [property: Description("completed, rejected, expired, cancelled, failed or unknown")] string End)
{
    public StepAnswer Answer { get; init; } = null!;

    public Problem Problem { get; init; } = null!;
}

internal sealed record StepsResult([property: Description("In the order of the steps")] IReadOnlyList<StepEnd> Results);

[Description("The end of a command: its answer where it completed, else its problem")]
internal sealed record CommandEndResult(string CommandId, string? InstanceId, [property: Description("completed, rejected, expired, cancelled or failed")] string End)
{
    [Description("What the command's own route answers")]
    public object? Answer { get; init; }

    public Problem Problem { get; init; } = null!;
}

[Description("Why there is no answer (RFC 9457)")]
internal sealed record Problem(string Type, string Title, int Status, [property: Description("The reason for programs, as unknown_instance")] string Code, [property: Description("The reason for people, one line")] string Detail)
{
    [Description("The command's id, where there is a command: ask for its end, or send it again under it")]
    public string? CommandId { get; init; }

    [Description("expired, cancelled, failed or unknown; missing where the command was only rejected")]
    public string? End { get; init; }

    [Description("Null, and never 0: a failure has no reward")]
    public double? Reward { get; init; }

    [Description("False where the command has no result")]
    public bool? Valid { get; init; }

    [Description("Whose doing it was: agent, infrastructure or caller")]
    public string? Cause { get; init; }
}

internal sealed record InstanceInfo(
    string InstanceId, [property: Description("The tools or rules as text, or what the environment says in another form")] object Info);

internal sealed record CreateKeyRequest([property: Description("1 to 64 letters, digits, '.', '_' or '-'")] string Tenant)
{
    [Description("What people call the key, at most 100 characters")]
    public string? Name { get; init; }

    [Description("use, read or admin; use if not said")]
    public string? Scope { get; init; }

    [Description("For how many days it is good, at most 3650; without, it has no end")]
    public int? Days { get; init; }
}

internal sealed record EpisodeEntry(
    [property: Description("create, step, evaluate or release")] string Kind,
    string CommandId,
    [property: Description("The number of a step, from 1; 0 for the create; null for all else")] int? Step,
    [property: Description("The agent's message of a step, the messages of an evaluation; null where there were none")] object? Action,
    [property: Description("Null where there were none")] object? Params,
    [property: Description("What was answered")] object? Answer,
    double? Reward,
    bool IsTerminated,
    [property: Description("Milliseconds in the environment")] double EnvironmentMs,
    [property: Description("The worker that executed it")] string? Worker,
    DateTimeOffset RecordedAt);

internal sealed record EpisodePage(
    string InstanceId,
    long EpisodeId,
    [property: Description("The episode that it was forked from, and behind which step; null where it was not")] ParentView? Parent,
    [property: Description("What completed, in the order it took effect")] IReadOnlyList<EpisodeEntry> Entries,
    [property: Description("What asks for the next page; null on the last")] string? NextCursor);
