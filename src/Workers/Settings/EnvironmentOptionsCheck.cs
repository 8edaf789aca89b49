using Microsoft.Extensions.Options;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Settings;

/// <summary>Refuses settings of environments that cannot work, each with its key and what it may be.</summary>
internal sealed class EnvironmentOptionsCheck : IValidateOptions<WorkerOptions>
{
    /// <summary>Below this the engine refuses a container.</summary>
    private const int LeastMemoryMb = 6;

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var problems = options.Environments
            .Where(environment => environment.Value.Enabled)
            .SelectMany(environment => Problems(environment.Value).Select(problem => $"Worker:Environments:{environment.Key}:{problem}"))
            .ToList();
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    /// <returns>Each with its key, without the section, and what it may be.</returns>
    public static IEnumerable<string> Problems(EnvironmentOptions options)
    {
        foreach (var problem in ProtocolOptionsCheck.Problems(options)) yield return problem;
        foreach (var problem in ServerOptionsCheck.Problems(options)) yield return problem;
        if (options.Port is < 1 or > 65535) yield return $"Port is {options.Port}; it may be 1 to 65535, or empty for a Unix socket";
        if (options.InstancesPerContainer < 1) yield return $"InstancesPerContainer is {options.InstancesPerContainer}; at least 1 is needed";
        if (options.MaxContainers < 1) yield return $"MaxContainers is {options.MaxContainers}; at least 1 is needed";
        if (options.MinContainers < 0 || options.MinContainers > options.MaxContainers)
        {
            yield return $"MinContainers is {options.MinContainers}; it may be 0 to MaxContainers, which is {options.MaxContainers}";
        }

        if (options.ReservedForRecovery is { } reserved && (reserved < 0 || reserved >= (long)options.MaxContainers * options.InstancesPerContainer))
        {
            yield return $"ReservedForRecovery is {reserved}; it may be 0 to less than all slots, MaxContainers times InstancesPerContainer";
        }

        foreach (var (key, value) in new[]
        {
            (nameof(options.StartTimeout), options.StartTimeout), (nameof(options.CheckEvery), options.CheckEvery), (nameof(options.HealthTimeout), options.HealthTimeout),
            (nameof(options.CallTimeout), options.CallTimeout),
        })
        {
            if (value <= TimeSpan.Zero) yield return $"{key} is {value}; it must be longer than nothing";
        }

        if (options.MemoryMb < LeastMemoryMb) yield return $"MemoryMb is {options.MemoryMb}; at least {LeastMemoryMb} are needed";
        if (options.Cpus < 0.01) yield return FormattableString.Invariant($"Cpus is {options.Cpus}; at least 0.01 is needed");
        if (options.Pids < 1) yield return $"Pids is {options.Pids}; at least 1 is needed";
        if (options.ShmMb < 1) yield return $"ShmMb is {options.ShmMb}; at least 1 is needed";
        if (options.TmpMb < 1) yield return $"TmpMb is {options.TmpMb}; at least 1 is needed";
        if (options.Recycling.AfterInstances < 1) yield return "Recycling:AfterInstances must be at least 1, or empty";
        if (options.Recycling.AfterAge <= TimeSpan.Zero) yield return "Recycling:AfterAge must be longer than nothing, or empty";
        if (options.Recycling.AboveMemoryMb < 1) yield return "Recycling:AboveMemoryMb must be at least 1, or empty";
        if (options.MaxAnswerMb is < 1 or > 1024) yield return $"MaxAnswerMb is {options.MaxAnswerMb}; it may be 1 to 1024";
        foreach (var mount in options.Mounts)
        {
            if (!mount.Source.StartsWith('/') || !mount.Target.StartsWith('/')) yield return $"Mounts has '{mount.Source}' at '{mount.Target}'; both are full paths";
        }
    }
}
