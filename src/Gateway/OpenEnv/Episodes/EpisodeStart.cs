using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>Makes the instance that a reset asks for, or goes on with the one of a durable session's name.</summary>
internal sealed class EpisodeStart(ICommandRouter router, FleetView fleet, TaskLists tasks, RecordedEpisodes recorded, IOptions<GatewayOptions> options)
{
    /// <summary>As many slots may be taken by others before it is known.</summary>
    private const int FewSlots = 8;

    /// <summary>Whether an environment has slots enough that a new instance need not wait for the one before it to leave.</summary>
    public ValueTask<bool> HasRoomAsync(string environment, CancellationToken cancellationToken) => fleet.HasRoomAsync(environment, FewSlots, cancellationToken);

    /// <exception cref="OpenEnvException">There is no instance.</exception>
    /// <exception cref="BadRequestException">What was asked for is wrong.</exception>
    public async Task<CurrentEpisode> RunAsync(string tenant, string environment, ResetRequest reset, CancellationToken cancellationToken)
    {
        // A trainer that names neither wants episodes that differ; the seed that is drawn is told, and brings the same one back.
        var seed = reset.Seed ?? (reset.TaskId is null ? RandomNumberGenerator.GetInt32(int.MaxValue) : null);
        var task = reset.TaskId ?? await ChosenAsync(tenant, environment, reset.Split, seed!.Value, cancellationToken);
        var create = Create(tenant, environment, task, reset, seed);
        var outcome = await router.CreateAsync(create, cancellationToken);
        if (outcome is not CommandOutcome.Completed made) throw OpenEnvException.Of(OpenEnvCode.OfCreate(outcome), outcome);
        var episode = new CurrentEpisode(create.InstanceId, environment, task, reset, seed, made.Answer);
        if (episode.IsDurable) await ContinueAsync(tenant, episode, made.Answer, cancellationToken);
        return episode;
    }

    /// <summary>The same seed is the same task as long as the split is the same; seeds in a row are tasks in a row.</summary>
    private async Task<string> ChosenAsync(string tenant, string environment, string split, long seed, CancellationToken cancellationToken)
    {
        var list = await tasks.FindAsync(tenant, environment, split, cancellationToken);
        if (list.Refused is { } refused) throw OpenEnvException.Of(OpenEnvCode.OfCreate(refused), refused);
        return list.Ids.Count > 0
            ? list.Ids[(int)(seed % list.Ids.Count)]
            : throw new BadRequestException($"the split '{split}' of {environment} has no tasks; name another split, or a task_id");
    }

    private CreateInstance Create(string tenant, string environment, string task, ResetRequest reset, long? seed)
    {
        var id = Guid.CreateVersion7().ToString("n");
        return new CreateInstance
        {
            CommandId = reset.InstanceId is { } durable ? DurableName.CommandId(durable) : id,
            Tenant = tenant,
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            EnvType = environment,
            TaskId = task,
            InstanceId = reset.InstanceId ?? $"openenv-{id}",
            Params = WithSeed(reset.Params, seed),
            HasNoIdempotencyKey = reset.InstanceId is null,
        };
    }

    /// <summary>The parameters as they came, byte for byte, behind the seed.</summary>
    private static byte[] WithSeed(byte[] parameters, long? seed)
    {
        if (seed is not { } number) return parameters;
        var start = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"seed":{{number}}"""));
        var members = parameters.Length == 0 ? "}"u8 : parameters.AsSpan(1).TrimStart(" \t\r\n"u8);
        return members[0] == '}' ? [.. start, .. members] : [.. start, (byte)',', .. members];
    }

    /// <summary>
    /// Its Create has one end for good, so that a name never means a second instance: where the first has ended, that is told. One whose episode is over has nothing more to
    /// do, and its last answer is told once more, which a client may have lost.
    /// </summary>
    private async Task ContinueAsync(string tenant, CurrentEpisode episode, byte[] opening, CancellationToken cancellationToken)
    {
        var found = await recorded.FindAsync(tenant, episode.InstanceId, cancellationToken);
        if (found is null || !found.Opening.AsSpan().SequenceEqual(opening)) throw new OpenEnvException(OpenEnvCode.Session, $"'{episode.InstanceId}' is the name of another instance by now; take another instance_id");
        if (found.LastStep is { } last) episode.Take(AnswerText.Of(last), last);
        episode.Tools = found.Tools;
        if (episode.IsDone && found.Evaluation is { } evaluation) episode.Evaluation = ReadableJson.Element(evaluation);
        if (found.Instance is { EndedAt: { } ended, EndReason: null } gone)
        {
            throw new OpenEnvException(OpenEnvCode.Session, $"the session cannot go on: {InstanceErrors.Ended(gone.InstanceId, gone.EndDetail, ended)}; take another instance_id");
        }
    }
}
