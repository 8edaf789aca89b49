using System.Runtime.CompilerServices;
using System.Text.Json;
using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Results;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>What a report takes of batches and rollouts as they are stored.</summary>
public static class ReportedRollouts
{
    private const int PageRows = 500;

    /// <summary>The facts of a batch.</summary>
    public static BatchFacts Facts(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var policy = JsonDocument.Parse(batch.Policy);
        return new BatchFacts
        {
            BatchId = batch.BatchId,
            Name = batch.Name,
            EnvType = batch.EnvType,
            Split = batch.Split,
            State = RolloutJson.Name(batch.State),
            PauseReason = batch.PauseReason,
            Items = batch.Items,
            Repeats = batch.Repeats,
            PolicyType = Text(policy.RootElement, "type") ?? "of each item",
            Model = Text(policy.RootElement, "model"),
            PolicyVersion = Text(policy.RootElement, "version"),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(batch.CreatedAt),
            ClosedAt = batch.ClosedAt is { } closed ? DateTimeOffset.FromUnixTimeMilliseconds(closed) : null,
        };
    }

    /// <summary>Its rollouts that have ended, page by page: none of the database's connections is held between them.</summary>
    /// <param name="rollouts">Where they are.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async IAsyncEnumerable<ReportedRollout> ReadAsync(RolloutListing rollouts, Batch batch, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        ArgumentNullException.ThrowIfNull(batch);
        for (var after = -1; ;)
        {
            var rows = await rollouts.ListAsync(batch.Id, new RolloutFilter(IsEnded: true), after, PageRows, cancellationToken);
            foreach (var row in rows) yield return Of(row, batch.Split);
            if (rows.Count < PageRows) yield break;
            after = rows[^1].Number;
        }
    }

    /// <summary>One rollout that has ended.</summary>
    /// <param name="row">The rollout.</param>
    /// <param name="split">The split of its batch; null where that has none, and its environment may say one.</param>
    public static ReportedRollout Of(Rollout row, string? split = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        using var document = JsonDocument.Parse(row.Result ?? "{}");
        var result = document.RootElement;
        JsonElement? usage = Member(result, "usage"), provenance = Member(result, "provenance");
        var began = row.BeganAt is not null;
        return new ReportedRollout
        {
            RolloutId = row.RolloutId,
            TaskId = row.TaskId,
            Member = row.Member,
            End = row.End ?? throw new ArgumentException($"rollout {row.RolloutId} has no end yet", nameof(row)),
            Cause = row.Cause is { } cause ? (RolloutCause)cause : null,
            Reward = row.Valid ? row.Reward : null,
            IsValid = row.Valid && row.Reward is { } reward && double.IsFinite(reward),
            IsTrainable = row.Trainable,
            Attempts = row.Attempt,
            Steps = row.Steps,
            EndReason = row.EndReason,
            Detail = row.Detail,
            Category = TaskCategory.Of(result),
            Split = Text(provenance, "split") ?? split,
            PromptTokens = (long?)Number(usage, "prompt_tokens"),
            CompletionTokens = (long?)Number(usage, "completion_tokens"),
            DurationMs = began && row.EndedAt is { } ended ? Math.Max(0, ended - row.BeganAt!.Value) : null,
            PolicyMs = began ? Number(result, "policy_ms") : null,
            EnvironmentMs = began ? Number(result, "environment_ms") : null,
        };
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static double? Number(JsonElement? element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) ? value : null;
}
