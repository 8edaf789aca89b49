using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Protocols.OpenEnv;

namespace SandQueue.Workers.Settings;

/// <summary>Refuses settings of what an environment's server speaks that cannot work, each with its key and what it may be.</summary>
internal static class ProtocolOptionsCheck
{
    /// <returns>Each with its key, without the section, and what it may be.</returns>
    public static IEnumerable<string> Problems(EnvironmentOptions options)
    {
        if (!EnvironmentProtocols.Names.Contains(options.Protocol))
        {
            yield return $"Protocol is '{options.Protocol}'; known are {string.Join(", ", EnvironmentProtocols.Names)}";
        }
        else if (options.Protocol == ProtocolNames.Recorded)
        {
            if (options.Image is { Length: > 0 } || ServerOptionsCheck.NoImageKey(options) is not null)
            {
                yield return $"{(options.Image is { Length: > 0 } ? nameof(options.Image) : ServerOptionsCheck.NoImageKey(options))} is set; the protocol {ProtocolNames.Recorded} answers from the journal and has no server, so leave it empty";
            }
        }
        else if (options.Protocol != ProtocolNames.EnvironmentService && string.IsNullOrEmpty(options.Image) && !ServerOptionsCheck.IsForeign(options))
        {
            yield return $"Image is empty, and so are Command and Address; the protocol {options.Protocol} is spoken by a server of its own";
        }

        if (options.Parameters.Count > 0 && options.Protocol != ProtocolNames.EnvironmentService)
        {
            yield return $"Parameters is {string.Join(", ", options.Parameters)}; what the protocol {options.Protocol} takes is known, so leave it empty";
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

        foreach (var problem in Problems(options.OpenEnv)) yield return $"OpenEnv:{problem}";
        foreach (var problem in Problems(options.AppWorld)) yield return $"AppWorld:{problem}";
    }

    private static IEnumerable<string> Problems(OpenEnvOptions options)
    {
        if (options.Action is not ("text" or "json" or "tools")) yield return $"Action is '{options.Action}'; known are text, json, tools";
        if (options.Score is not ("sum" or "last" or "max")) yield return $"Score is '{options.Score}'; known are sum, last, max";
        if (options.TaskField.Length == 0) yield return "TaskField is empty; it names the field of a reset that takes the task id";
        if (options.ActionField.Length == 0) yield return "ActionField is empty; it names the field of an action that takes the agent's text";
        foreach (var (split, ids) in options.Splits)
        {
            if (OpenEnvTasks.Problem(ids, options.TaskField) is { } problem) yield return $"Splits:{split} is '{ids}'; {problem}";
        }
    }

    private static IEnumerable<string> Problems(AppWorldOptions options)
    {
        if (!options.Outputs.StartsWith('/')) yield return $"Outputs is '{options.Outputs}'; it is a full path in the container";
        if (options.ExperimentName.Length == 0 || options.ExperimentName.Contains('/', StringComparison.Ordinal)) yield return $"ExperimentName is '{options.ExperimentName}'; it is the name of a folder";
        if (options.MaxInteractions < 1) yield return $"MaxInteractions is {options.MaxInteractions}; at least 1 is needed, or empty";
    }
}
