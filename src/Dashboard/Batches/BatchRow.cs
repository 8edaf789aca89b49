using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Batches;

internal sealed record BatchPageRows(IReadOnlyList<BatchRow> Batches, string? NextCursor);

internal sealed record BatchRow(
    string BatchId,
    string? Name,
    string EnvType,
    string State,
    string? PauseReason,
    int Items,
    IReadOnlyDictionary<string, int> Ends,
    int Waiting,
    int Running,
    int Concurrency,
    int Priority,
    int Repeats,
    BatchPolicy Policy,
    BatchReward Reward,
    IReadOnlyDictionary<string, int> Causes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ClosedAt)
{
    public int Ended => Ends.Values.Sum();

    public double Progress => Items == 0 ? 1 : Ended / (double)Items;

    public string Link => PageLinks.Batch(BatchId);
}

internal sealed record BatchPolicy(string Type, string? Model, string? Version)
{
    public string Shown => string.Join(' ', new[] { Type, Model, Version }.Where(part => part is not null));
}

internal sealed record BatchReward(double? Mean, int Valid, int Trainable);
