using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Batches;

/// <summary>A batch as the gateway tells it, read for people.</summary>
internal sealed class BatchState(JsonObject batch)
{
    /// <summary>What the agent did to itself is a result with a reward.</summary>
    private const string Agent = "agent";

    private static readonly string[] EndNames = ["completed", "failed", "rejected", "expired", "cancelled"];

    public JsonObject Json => batch;

    public string Id => batch.Text("batch_id") ?? "";

    public string State => batch.Text("state") ?? "";

    public string? PauseReason => batch.Text("pause_reason");

    public long Items => batch.Number("items") ?? 0;

    public long Running => batch.Number("running") ?? 0;

    public long Waiting => batch.Number("waiting") ?? 0;

    public IEnumerable<(string Name, long Count)> Ends => EndNames.Select(name => (name, batch.Object("ends").Number(name) ?? 0));

    /// <summary>Why rollouts have no valid reward.</summary>
    public IEnumerable<(string Name, long Count)> Causes => (batch.Object("causes") ?? []).Where(cause => cause.Key != Agent).Select(cause => (cause.Key, batch.Object("causes").Number(cause.Key) ?? 0)).Where(cause => cause.Item2 > 0);

    public long Ended => Ends.Sum(end => end.Count);

    public long Valid => batch.Object("reward").Number("valid") ?? 0;

    public double? Mean => batch.Object("reward").Real("mean");

    public bool IsClosed => State == "closed";

    /// <summary>Whether it stands still until somebody resumes it.</summary>
    public bool IsPaused => State == "paused";

    /// <summary>How long ago it was begun; once it is closed, how long it took; null where the gateway does not say.</summary>
    public TimeSpan? Age(DateTimeOffset now) => Time("created_at") is { } begun && (Time("closed_at") ?? now) - begun is { Ticks: > 0 } age ? age : null;

    /// <summary>The ends that occurred, as <c>1,998 completed, 2 failed</c>.</summary>
    public string EndsText => string.Join(", ", Ends.Where(end => end.Count > 0).Select(end => $"{Figures.Count(end.Count)} {end.Name}"));

    /// <summary>The causes that occurred, as <c>policy 2</c>.</summary>
    public string CausesText => string.Join(", ", Causes.Select(cause => $"{cause.Name} {Figures.Count(cause.Count)}"));

    private DateTimeOffset? Time(string name) => DateTimeOffset.TryParse(batch.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
