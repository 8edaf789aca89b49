using SandQueue.Storage.Model;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>What every container and network of a worker carries, so that it is found when the worker is dead.</summary>
internal sealed record ContainerLabels(string Farm, string Worker, string Environment)
{
    private const string FarmKey = "sandqueue.farm";
    private const string WorkerKey = "sandqueue.worker";
    private const string EnvironmentKey = "sandqueue.environment";

    /// <summary>Finds everything of a farm.</summary>
    public static string OfFarm(string farm) => $"{FarmKey}={farm}";

    /// <summary>Whose it is; empty where someone took the label away.</summary>
    public static string WorkerOf(IDictionary<string, string> labels) => labels.TryGetValue(WorkerKey, out var worker) ? worker : "";

    public Dictionary<string, string> ToDictionary() =>
        new(StringComparer.Ordinal) { [FarmKey] = Farm, [WorkerKey] = Worker, [EnvironmentKey] = Environment };
}
