using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>Begins a rollout anew, and keeps how its attempts before ended.</summary>
internal static class EarlierAttempts
{
    /// <param name="row">The rollout; it waits afterwards.</param>
    /// <param name="end">How its attempt ended.</param>
    /// <param name="cause">Whose doing that was, by number.</param>
    /// <param name="detail">Why, one line for people.</param>
    /// <param name="endedAt">When, in Unix milliseconds.</param>
    public static void Add(Rollout row, CommandEnd end, int? cause, string? detail, long endedAt)
    {
        var attempts = row.EarlierAttempts is { } earlier ? JsonNode.Parse(earlier)!.AsArray() : [];
        attempts.Add((JsonNode)new JsonObject
        {
            ["attempt"] = row.Attempt,
            ["end"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(end.ToString()),
            ["cause"] = cause,
            ["detail"] = detail,
            ["ended_at"] = endedAt,
        });
        row.EarlierAttempts = attempts.ToJsonString();
        row.Attempt++;
        (row.Owner, row.BeganAt, row.IsCancelled) = (null, null, false);
        (row.End, row.EndedAt, row.Reward, row.Valid, row.Trainable, row.Retryable) = (null, null, null, false, false, false);
        (row.Cause, row.EndReason, row.Truncated, row.Detail, row.Steps, row.Result) = (null, null, false, null, 0, null);
    }
}
