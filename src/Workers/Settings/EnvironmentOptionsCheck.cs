using Microsoft.Extensions.Options;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;

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
        foreach (var problem in ProtocolProblems(options)) yield return problem;
        if (options.Port is < 1 or > 65535) yield return $"Port is {options.Port}; it may be 1 to 65535, or empty for a Unix socket";
        if (options.InstancesPerContainer < 1) yield return $"InstancesPerContainer is {options.InstancesPerContainer}; at least 1 is needed";
        if (options.MaxContainers < 1) yield return $"MaxContainers is {options.MaxContainers}; at least 1 is needed";
        if (options.MinContainers < 0 || options.MinContainers > options.MaxContainers)
        {
            yield return $"MinContainers is {options.MinContainers}; it may be 0 to MaxContainers, which is {options.MaxContainers}";
        }

        if (options.ReservedForRecovery is { } reserved && (reserved < 0 || reserved >= (long)options.MaxContainers * options.InstancesPerContainer))
        {
            yield return $"ReservedForRecovery is {reserved}; it may be 0 to less than all places, MaxContainers times InstancesPerContainer";
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

    private static IEnumerable<string> ProtocolProblems(EnvironmentOptions options)
    {
        if (!EnvironmentProtocols.Names.Contains(options.Protocol))
        {
            yield return $"Protocol is '{options.Protocol}'; known are {string.Join(", ", EnvironmentProtocols.Names)}";
        }

        else if (options.Protocol != ProtocolNames.EnvironmentService && string.IsNullOrEmpty(options.Image))
        {
            yield return $"Image is empty; the protocol {options.Protocol} is spoken by an image of its own";
        }

        if (options.Protocol == ProtocolNames.AppWorld && options.InstancesPerContainer != 1)
        {
            yield return $"InstancesPerContainer is {options.InstancesPerContainer}; a server of AppWorld holds one world, so 1 is all it may be";
        }

        if (options.CheckpointEvery < 0) yield return $"CheckpointEvery is {options.CheckpointEvery}; it may be 0, for none, or more";
        if (options.CheckpointEvery > 0 && options.Protocol != ProtocolNames.AppWorld)
        {
            yield return $"CheckpointEvery is {options.CheckpointEvery}; only the protocol {ProtocolNames.AppWorld} has checkpoints";
        }

        if (options is { CheckpointEvery: > 0, Protocol: ProtocolNames.AppWorld } and not { Replayable: "yes" })
        {
            yield return $"CheckpointEvery is {options.CheckpointEvery}; it needs Replayable to be yes, for an environment that cannot be replayed is not rebuilt";
        }

        if (options.CheckpointEvery > 0 && options.AppWorld.MaxInteractions is { } most)
        {
            yield return $"AppWorld:MaxInteractions is {most}; with CheckpointEvery it must be empty, for the server counts a checkpoint as one too. Limit episodes by max_steps instead";
        }

        if (options.Replayable is not ("yes" or "no" or "unknown")) yield return $"Replayable is '{options.Replayable}'; known are yes, no, unknown";
        if (!CanonicalForm.TryFind(options.CanonicalForm, out _))
        {
            yield return $"CanonicalForm is '{options.CanonicalForm}'; known are {string.Join(", ", CanonicalForm.All.Select(form => form.Name))}";
        }

        foreach (var problem in options.OpenEnv.Problems()) yield return $"OpenEnv:{problem}";
        foreach (var problem in options.AppWorld.Problems()) yield return $"AppWorld:{problem}";
    }
}
