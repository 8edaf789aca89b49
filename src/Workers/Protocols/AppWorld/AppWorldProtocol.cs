using System.Runtime.CompilerServices;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.AppWorld.Checkpoints;
using SandQueue.Workers.Protocols.AppWorld.Server;
using SandQueue.Workers.Protocols.Descriptions;
using SandQueue.Workers.Protocols.Http;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Protocols.AppWorld;

/// <summary>The protocol of AppWorld's own server: JSON over HTTP, one world a process, and no notion of messages.</summary>
internal sealed class AppWorldProtocol(string environment, EnvironmentOptions settings, TimeProvider time) : IEnvironmentProtocol
{
    /// <summary>
    /// A checkpoint runs code in the agent's session, which the server counts too: its limit would then depend on how
    /// often a checkpoint of the instance was saved.
    /// </summary>
    private const int Unlimited = 1_000_000_000;

    private const string Sparse = "sparse";

    private readonly AppWorldTasks _tasks = new(
        settings.AppWorld.Datasets is { Length: > 0 } named ? named : settings.Data is { Length: > 0 } data ? Path.Combine(data, "datasets") : "");

    /// <summary>What a container's process is busy with; goes with its container.</summary>
    private readonly ConditionalWeakTable<IContainer, AppWorldProcess> _processes = [];

    private DeclaredEnvironment _declared = new(environment, "");

    public Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken) => HealthCheck.WaitAsync(container, "/", time, cancellationToken);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken)
    {
        var splits = _tasks.Read();
        _declared = new DeclaredEnvironment(environment, $"AppWorld's tasks, as its data folder lists them, in the image {settings.Image}")
        {
            // The program and its data say no version over HTTP; the image's digest stands for both.
            ScorerVersion = "appworld/1",
            PromptVersion = AppWorldPrompt.Version,
            DataHash = AppWorldTasks.Hash(splits),
        };
        foreach (var (split, ids) in splits) _declared.Splits[split] = ids.Count;
        return Task.FromResult(_declared.Describe(settings));
    }

    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken)
    {
        var splits = _tasks.Read();
        return splits.TryGetValue(split, out var ids)
            ? Task.FromResult<ReadOnlyMemory<byte>>(JsonSerializer.SerializeToUtf8Bytes(ids))
            : Task.FromException<ReadOnlyMemory<byte>>(new EnvironmentRejectedException($"'{environment}' has no split '{split}'; it has {string.Join(", ", splits.Keys)}"));
    }

    public async Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken)
    {
        var parameters = CallParameters.OfCreate(request, new CreateParameter(Sparse, ParameterType.Flag));

        // The server answers a task it does not have like a breakdown of its own.
        if (!_tasks.Has(request.TaskId)) throw new EnvironmentRejectedException($"'{environment}' has no task '{request.TaskId}': it is in none of the lists of its data folder");
        var process = _processes.GetValue(container, made => new AppWorldProcess(made, settings.MaxAnswerBytes, time));
        await process.TakeAsync(cancellationToken);
        try
        {
            var world = await process.InitializeAsync(writer => WriteWorld(writer, request.TaskId, parameters), cancellationToken);
            var (system, user) = parameters.Fill(AppWorldPrompt.System, AppWorldPrompt.User, AppWorldPrompt.Slots(world));
            var opening = EpisodeShape.Opening(system, user, EpisodeShape.NoTools, writer => _declared.WriteProvenance(writer, settings, parameters.Seed));
            void Task(Utf8JsonWriter writer) => WriteTask(writer, request.TaskId);
            var checkpoints = new WorldCheckpoints(process, container, Task, settings.AppWorld.CheckpointFolder(request.TaskId));
            if (settings.CheckpointEvery > 0) await checkpoints.BeginAsync(cancellationToken);
            return new AppWorldInstance(process, checkpoints, Task, parameters.Flag(Sparse) ?? false, opening);
        }
        catch
        {
            await process.EndLeaseAsync(writer => WriteTask(writer, request.TaskId), CancellationToken.None);
            throw;
        }
    }

    private void WriteWorld(Utf8JsonWriter writer, string taskId, EpisodeParameters parameters)
    {
        WriteTask(writer, taskId);
        writer.WriteString("experiment_name", settings.AppWorld.ExperimentName);
        if ((settings.CheckpointEvery > 0 ? Unlimited : settings.AppWorld.MaxInteractions) is { } most) writer.WriteNumber("max_interactions", most);
        if (parameters.Seed is { } seed) writer.WriteNumber("random_seed", seed);
    }

    private static void WriteTask(Utf8JsonWriter writer, string taskId) => writer.WriteString("task_id", taskId);
}
