using System.Text.Json;

namespace SandQueue.Bench.Batches;

/// <summary>A batch that has closed.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Batch">What its route says of it.</param>
/// <param name="Results">Its rollouts, in their order.</param>
/// <param name="Seconds">From the request until it was seen closed.</param>
internal sealed record PlayedBatch(string Id, JsonElement Batch, IReadOnlyList<JsonElement> Results, double Seconds)
{
    public int Items => Batch.GetProperty("items").GetInt32();

    public int Completed => Ends.GetProperty("completed").GetInt32();

    public JsonElement Ends => Batch.GetProperty("ends");

    /// <summary>The rewards of its valid rollouts by their places.</summary>
    public IReadOnlyDictionary<int, double> Rewards { get; } = Results
        .Where(result => result.GetProperty("valid").GetBoolean())
        .ToDictionary(result => result.GetProperty("number").GetInt32(), result => result.GetProperty("reward").GetDouble());

    /// <summary>The mean of the valid rewards, as the results have them.</summary>
    public double? Mean => Rewards.Count == 0 ? null : Rewards.Values.Sum() / Rewards.Count;

    /// <summary>Steps of all its rollouts.</summary>
    public int Steps => Results.Sum(result => result.GetProperty("steps").GetInt32());

    /// <summary>What every batch has to be: each rollout told once, and the ends sum to the items.</summary>
    public void Check(Findings findings)
    {
        findings.Same($"{Id}: the sum of its ends", Items, Ends.EnumerateObject().Sum(end => end.Value.GetInt32()));
        findings.Same($"{Id}: rollouts in its results", Items, Results.Count);
        findings.Same($"{Id}: different rollouts in its results", Items, Results.Select(result => result.GetProperty("rollout_id").GetString()).Distinct(StringComparer.Ordinal).Count());
        foreach (var result in Results.Where(result => !result.GetProperty("valid").GetBoolean() && result.GetProperty("reward").ValueKind != JsonValueKind.Null)) findings.Add($"{result.GetProperty("rollout_id")} is not valid and has a reward");
    }

    /// <summary>The same, where all have to complete.</summary>
    public void CheckAllCompleted(Findings findings)
    {
        Check(findings);
        findings.Same($"{Id}: completed", Items, Completed);
        foreach (var result in Results.Where(result => result.GetProperty("end").GetString() != "completed")) findings.Add($"{result.GetProperty("rollout_id")} ended {result.GetProperty("end")}: {result.GetProperty("detail")}");
    }
}
