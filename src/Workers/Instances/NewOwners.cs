using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Instances;

/// <summary>Makes the owners of instances that are about to be made.</summary>
internal sealed class NewOwners(OwnedInstances owned, WorkerIdentity worker, TimeProvider time, ILogger<InstanceOwner> log)
{
    /// <returns>A new owner; null where this worker has one of that name already.</returns>
    /// <exception cref="EnvironmentRejectedException">A parameter is wrong.</exception>
    public InstanceOwner? TryAdd(CreateInstance command, ContainerPool pool)
    {
        var owner = Of(NewRow(command), pool);
        return owned.TryAdd(owner) ? owner : null;
    }

    /// <summary>The owner of an instance that has a row; it is not among the owned yet.</summary>
    public InstanceOwner Of(Instance row, ContainerPool pool) => new(row, pool, worker.Name, time, log);

    private Instance NewRow(CreateInstance command)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new Instance
        {
            Tenant = command.Tenant,
            InstanceId = command.InstanceId,
            EnvType = command.EnvType,
            TaskId = command.TaskId,
            Params = command.Params,
            SandboxId = command.SandboxId,
            ParentEpisode = command.Parent?.EpisodeId,
            ParentStep = command.Parent?.Step,
            State = InstanceState.Creating,
            Owner = worker.Name,
            Epoch = 1,
            Attempts = 1,
            MaxSteps = CallParameters.OfCreate(command.Params).MaxSteps,
            CreatedAt = now,
            LastUsedAt = now,
        };
    }
}
