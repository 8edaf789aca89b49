namespace SandQueue.Workers.Configuration;

/// <summary>What a worker may do.</summary>
internal static class WorkerRoles
{
    public const string Environments = "environments";

    public const string Rollouts = "rollouts";

    public static IReadOnlyList<string> All { get; } = [Environments, Rollouts];
}
