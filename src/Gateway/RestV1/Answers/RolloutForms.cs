using System.ComponentModel;

namespace SandQueue.Gateway.RestV1.Answers;

// The forms of rollouts and batches, which are written elsewhere: the OpenAPI document reads these types.

[Description("What plays: {\"type\":\"recorded\",\"actions\":[…]}, {\"type\":\"model\",\"base_url\",\"model\",…}, random, gold, nothing, replay, rescore or fork")]
internal sealed record PolicyForm(string Type)
{
    [Description("Assistant messages in order, or their texts")]
    public IReadOnlyList<object>? Actions { get; init; }

    [Description("An OpenAI-compatible endpoint, as https://models.example/v1")]
    public string? BaseUrl { get; init; }

    [Description("The model's name there")]
    public string? Model { get; init; }

    [Description("Its key, for this one request; it never comes back")]
    public string? ApiKey { get; init; }

    [Description("The name of a secret that is its key")]
    public string? Secret { get; init; }

    [Description("What the policy is now, in words of your own")]
    public string? Version { get; init; }

    [Description("Steps at most")]
    public int? MaxSteps { get; init; }
}

internal sealed record RolloutRequest(string EnvType, string TaskId, PolicyForm Policy)
{
    [Description("A name of your own, at most 120 characters: sent again, it gets the rollout that there is")]
    public string? RolloutId { get; init; }

    [Description("What the environment takes, as seed and max_steps")]
    public Dictionary<string, object>? Params { get; init; }

    [Description("Seconds that it may take; without, no limit")]
    public double? DeadlineS { get; init; }
}

internal sealed record ItemForm(string TaskId)
{
    [Description("Its recorded actions")]
    public IReadOnlyList<object>? Actions { get; init; }

    [Description("Its own params, in place of the batch's")]
    public Dictionary<string, object>? Params { get; init; }

    [Description("Its own policy, in place of the batch's")]
    public PolicyForm? Policy { get; init; }
}

internal sealed record SampleForm(int N, long? Seed);

internal sealed record BatchForm(string EnvType)
{
    [Description("Task ids; or split, or items")]
    public IReadOnlyList<string>? Tasks { get; init; }

    [Description("A split of the environment")]
    public string? Split { get; init; }

    [Description("So many tasks of the split, chosen by a seed")]
    public SampleForm? Sample { get; init; }

    public IReadOnlyList<ItemForm>? Items { get; init; }

    [Description("Rollouts of each task, a group; 1 if not said")]
    public int? Repeats { get; init; }

    public PolicyForm? Policy { get; init; }

    [Description("What the environment takes, for all of them")]
    public Dictionary<string, object>? Params { get; init; }

    public string? Name { get; init; }

    [Description("A name of your own, at most 120 characters: the same batch sent again under it gets the batch that there is")]
    public string? BatchId { get; init; }

    [Description("-1000 to 1000; higher comes first, 0 if not said")]
    public int? Priority { get; init; }

    [Description("Rollouts at once; 64 if not said")]
    public int? Concurrency { get; init; }

    [Description("The same for each address that policies ask; no limit of its own if not said")]
    public int? EndpointConcurrency { get; init; }

    [Description("Seconds that all of it may take; without, no limit")]
    public double? DeadlineS { get; init; }
}

internal sealed record TuneRequest
{
    public int? Concurrency { get; init; }

    [Description("0 is no limit of its own")]
    public int? EndpointConcurrency { get; init; }

    public int? Priority { get; init; }
}

internal sealed record PauseRequest
{
    [Description("Why, one line")]
    public string? Reason { get; init; }
}

internal sealed record RetryRequest
{
    [Description("Only those of this end: failed, expired, cancelled or rejected")]
    public string? End { get; init; }

    [Description("Only those of this cause")]
    public string? Cause { get; init; }

    [Description("Only those of this task")]
    public string? TaskId { get; init; }

    [Description("Only this rollout")]
    public string? RolloutId { get; init; }

    [Description("The key of the policy's endpoint once more, which was erased when the batch closed")]
    public string? ApiKey { get; init; }
}

internal sealed record SecretRequest([property: Description("The value; it never comes back")] string Value);

internal sealed record SecretView(string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record SecretList([property: Description("By name, without their values")] IReadOnlyList<SecretView> Secrets);

internal sealed record RemovedSecret(string Name, bool Removed);

internal sealed record PolicyView(string Type)
{
    public string? Model { get; init; }

    public string? Version { get; init; }

    public string? BaseUrl { get; init; }

    public long? Seed { get; init; }
}

internal sealed record EndCounts(int Completed, int Rejected, int Expired, int Cancelled, int Failed);

internal sealed record RewardView([property: Description("Null where none is valid")] double? Mean, int Valid, int Trainable);

internal sealed record BatchView(
    string BatchId,
    string? Name,
    string EnvType,
    [property: Description("Which part of the environment's tasks; null where it was asked for by tasks or items")] string? Split,
    [property: Description("running, paused, cancelling or closed")] string State,
    string? PauseReason,
    int Items,
    EndCounts Ends,
    int Waiting,
    int Running,
    int Concurrency,
    int? EndpointConcurrency,
    int Priority,
    int Repeats,
    PolicyView Policy,
    RewardView Reward,
    [property: Description("How many rollouts ended by each cause")] Dictionary<string, int> Causes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeadlineAt,
    DateTimeOffset? ClosedAt);

internal sealed record BatchPage([property: Description("The newest first")] IReadOnlyList<BatchView> Batches, string? NextCursor);

internal sealed record EarlierAttempt(int Attempt, string End, string? Cause, string? Detail, DateTimeOffset EndedAt);

internal sealed record RolloutView(
    string RolloutId,
    [property: Description("Null where it was asked for alone")] string? BatchId,
    [property: Description("waiting, running or ended")] string State,
    string EnvType,
    string TaskId,
    [property: Description("Its place in its batch, from 0")] int Number,
    [property: Description("Its group's place: rollouts of one task")] int Group,
    [property: Description("Its place in its group, from 0")] int Member,
    [property: Description("completed, rejected, expired, cancelled or failed; null while it has none")] string? End,
    [property: Description("Null, and never 0, where it is not valid")] double? Reward,
    bool Valid,
    [property: Description("agent, environment, infrastructure, policy, caller or cancelled")] string? Cause,
    bool Trainable,
    bool Retryable,
    int Attempts,
    string? EndReason,
    bool Truncated,
    string? Detail,
    int Steps,
    IReadOnlyList<EarlierAttempt> EarlierAttempts,
    [property: Description("The category of its task; null where its environment names none")] string? Category,
    string? InstanceId,
    IReadOnlyList<double> StepRewards,
    Dictionary<string, object>? Evaluation,
    Dictionary<string, object>? Provenance,
    Dictionary<string, object>? Usage,
    Dictionary<string, object>? Replay,
    double PolicyMs,
    double EnvironmentMs,
    PolicyView Policy,
    DateTimeOffset? BeganAt,
    DateTimeOffset? EndedAt);

internal sealed record RolloutPage([property: Description("In their order")] IReadOnlyList<RolloutView> Rollouts, string? NextCursor);

internal sealed record TurnView(
    int Turn,
    [property: Description("The agent's message; null where the policy played no further")] object? Action,
    [property: Description("What the policy's endpoint answered, untouched; null where there was nothing")] object? Answer,
    string? StopReason,
    DateTimeOffset DecidedAt);

internal sealed record TurnPage(string RolloutId, int Attempt, IReadOnlyList<TurnView> Turns, string? NextCursor);
