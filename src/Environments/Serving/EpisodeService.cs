using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Episodes;
using SandQueue.Environments.Json;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Serving;

/// <summary>The verbs of the protocol on the environments this server hosts.</summary>
/// <param name="environments">The environments, by name.</param>
/// <param name="longestPrompt">Bytes of UTF-8 that a caller's wording may fill the first two messages with.</param>
internal sealed class EpisodeService(IReadOnlyDictionary<string, IEnvironment> environments, int longestPrompt)
{
    private readonly InstanceTable _instances = new();

    public void Describe(ServiceRequest request, Utf8JsonWriter writer) => DescriptionWriter.Write(writer, environments.Values);

    public void ListTasks(ServiceRequest request, Utf8JsonWriter writer)
    {
        var environment = Find(request.Required("env_type"));
        var split = request.Params is { ValueKind: JsonValueKind.Object } parameters
            && parameters.TryGetMember("split", out var named)
            && named.ValueKind != JsonValueKind.Null
                ? named
                : default;
        var tasks = split.ValueKind switch
        {
            JsonValueKind.Undefined => environment.ListTasks("train"),
            JsonValueKind.String => environment.ListTasks(split.Text()),
            _ => throw new InvalidRequestException($"params.split must be a string, not {split.Shown()}"),
        };
        if (tasks.Count == 0 && environment.Description.Problems.Count > 0)
        {
            // A loop over nothing ends at once and looks like a run that went well.
            throw new InvalidRequestException($"{environment.Description.Name} has no tasks to list: {environment.Description.Problems[0]}");
        }

        writer.WriteStartArray();
        foreach (var task in tasks) writer.WriteStringValue(task);
        writer.WriteEndArray();
    }

    public void Create(ServiceRequest request, Utf8JsonWriter writer)
    {
        var environment = Find(request.Required("env_type"));
        var taskId = request.Required("task_id");
        var instanceId = request.Optional("instance_id") ?? $"{environment.Description.Name}-{Guid.NewGuid():n}";

        // The instance outlives the request, and its parameters with it.
        var given = request.Params is { ValueKind: JsonValueKind.Object } members ? members.Clone() : default;
        var parameters = EpisodeParameters.Read(given, environment.Description, longestPrompt);
        var made = environment.Create(taskId, parameters) ?? throw new InvalidOperationException("Create gave null");
        var instance = new Episode(made, parameters.MaxSteps);
        var opening = OpeningOf(instance);
        _instances.Add(instanceId, instance);
        EpisodeWriter.WriteOpening(writer, opening, environment.Description, instanceId, taskId, parameters.Seed);
    }

    public async ValueTask StepAsync(ServiceRequest request, Utf8JsonWriter writer, CancellationToken cancel)
    {
        var instanceId = request.Required("instance_id");
        var action = ActionReader.Read(request.Messages);
        var result = await _instances.UseAsync(instanceId, instance => instance.Step(action, cancel), cancel);
        EpisodeWriter.WriteStep(writer, result);
    }

    public async ValueTask EvaluateAsync(ServiceRequest request, Utf8JsonWriter writer, CancellationToken cancel)
    {
        var instanceId = request.Required("instance_id");
        var parameters = request.Params;
        var sparse = EpisodeParameters.IsSparse(parameters);
        var evaluation = await _instances.UseAsync(instanceId, instance => instance.Evaluate(parameters), cancel);
        EpisodeWriter.WriteEvaluation(writer, evaluation, sparse);
    }

    public async ValueTask GetInfoAsync(ServiceRequest request, Utf8JsonWriter writer, CancellationToken cancel) =>
        writer.WriteStringValue(await _instances.UseAsync(request.Required("instance_id"), instance => instance.Describe(), cancel));

    /// <summary>The messages that lead to the maximum, and what it is. Of no protocol that agents reach: the worker asks for them in the name of rollouts alone.</summary>
    public async ValueTask SolveAsync(ServiceRequest request, Utf8JsonWriter writer, CancellationToken cancel)
    {
        var solution = await _instances.UseAsync(request.Required("instance_id"), instance => ((Episode)instance).Solve(cancel), cancel);
        writer.WriteStartObject();
        writer.WriteStartArray("messages");
        foreach (var message in solution.Messages) message.WriteTo(writer);
        writer.WriteEndArray();
        writer.WritePropertyName("maximum");
        writer.WriteFloat(solution.Maximum);
        writer.WriteEndObject();
    }

    public bool Release(ServiceRequest request) => _instances.Remove(request.Required("instance_id"));

    // An instance whose Create fails is nobody's.
    private static Opening OpeningOf(Episode instance)
    {
        try
        {
            return instance.Opening;
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    private IEnvironment Find(string name) =>
        environments.TryGetValue(name, out var environment)
            ? environment
            : throw new InvalidRequestException($"unknown env_type '{name}'; known are {string.Join(", ", environments.Keys)}");
}
