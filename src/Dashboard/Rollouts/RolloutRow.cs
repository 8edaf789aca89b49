using System.Text.Json;
using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Rollouts;

internal sealed record RolloutRow(
    string RolloutId,
    string? BatchId,
    string State,
    string EnvType,
    string TaskId,
    int Number,
    int Group,
    int Member,
    string? End,
    double? Reward,
    bool Valid,
    string? Cause,
    bool Trainable,
    bool Retryable,
    int Attempts,
    string? EndReason,
    bool Truncated,
    string? Detail,
    int Steps,
    IReadOnlyList<EarlierAttempt> EarlierAttempts,
    string? InstanceId,
    JsonElement? Replay,
    double PolicyMs,
    double EnvironmentMs,
    DateTimeOffset? BeganAt,
    DateTimeOffset? EndedAt)
{
    public string Link => PageLinks.Rollout(RolloutId);
}

internal sealed record EarlierAttempt(int Attempt, string End, string? Cause, string? Detail, DateTimeOffset EndedAt);
