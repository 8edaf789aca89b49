using SandQueue.Rollouts.Settings;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Runtimes.Docker;
using SandQueue.Workers.Runtimes.Processes;

namespace SandQueue.Workers.Hosting;

/// <summary>The sections of a worker's settings.</summary>
public static class WorkerSections
{
    /// <summary>Each section and the type of options that reads it.</summary>
    public static IReadOnlyDictionary<string, Type> All { get; } = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        ["Worker"] = typeof(WorkerOptions),
        ["Rollouts"] = typeof(RolloutOptions),
        ["ProcessRuntime"] = typeof(ProcessRuntimeOptions),
        ["DockerRuntime"] = typeof(DockerRuntimeOptions),
    };
}
