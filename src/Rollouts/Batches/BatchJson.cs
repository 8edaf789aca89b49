using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>A batch as JSON, with what its rollouts are now.</summary>
public static class BatchJson
{
    private static readonly CommandEnd[] Ends = [CommandEnd.Completed, CommandEnd.Rejected, CommandEnd.Expired, CommandEnd.Cancelled, CommandEnd.Failed];

    /// <param name="batch">The batch.</param>
    /// <param name="counts">Its rollouts, counted.</param>
    public static byte[] Of(Batch batch, IEnumerable<RolloutCount> counts)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var all = counts.ToList();
        return RolloutJson.Write(writer =>
        {
            writer.WriteString("batch_id", batch.BatchId);
            writer.WriteString("name", batch.Name);
            writer.WriteString("env_type", batch.EnvType);
            writer.WriteString("split", batch.Split);
            writer.WriteString("state", RolloutJson.Name(batch.State));
            writer.WriteString("pause_reason", batch.PauseReason);
            writer.WriteNumber("items", batch.Items);
            writer.WriteStartObject("ends");
            foreach (var end in Ends) writer.WriteNumber(RolloutJson.Name(end), Sum(all.Where(count => count.End == end)));
            writer.WriteEndObject();
            writer.WriteNumber("waiting", Sum(all.Where(count => count.End is null && !count.IsRunning)));
            writer.WriteNumber("running", Sum(all.Where(count => count.End is null && count.IsRunning)));
            writer.WriteNumber("concurrency", batch.Concurrency);
            if (batch.EndpointConcurrency is { } most) writer.WriteNumber("endpoint_concurrency", most);
            else writer.WriteNull("endpoint_concurrency");
            writer.WriteNumber("priority", batch.Priority);
            writer.WriteNumber("repeats", batch.Repeats);
            RolloutJson.WritePolicy(writer, batch.Policy);
            var valid = all.Where(count => count.IsValid).ToList();
            writer.WriteStartObject("reward");
            if (valid.Count > 0) writer.WriteNumber("mean", valid.Sum(count => count.RewardSum) / Sum(valid));
            else writer.WriteNull("mean");
            writer.WriteNumber("valid", Sum(valid));
            writer.WriteNumber("trainable", Sum(all.Where(count => count.IsTrainable)));
            writer.WriteEndObject();
            writer.WriteStartObject("causes");
            foreach (var cause in all.Where(count => count is { Cause: not null, End: not null }).GroupBy(count => count.Cause!.Value).OrderBy(cause => cause.Key))
            {
                writer.WriteNumber(RolloutJson.Cause(cause.Key), Sum(cause));
            }

            writer.WriteEndObject();
            RolloutJson.WriteTime(writer, "created_at", batch.CreatedAt);
            RolloutJson.WriteTime(writer, "deadline_at", batch.DeadlineAt);
            RolloutJson.WriteTime(writer, "closed_at", batch.ClosedAt);
        });
    }

    private static int Sum(IEnumerable<RolloutCount> counts) => counts.Sum(count => count.Count);
}
