using System.Globalization;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.Descriptions;
using SandQueue.Workers.Protocols.Http;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>
/// The protocol of OpenEnv's images: one WebSocket connection is one instance, and closing it ends the instance. HTTP
/// calls of that protocol keep no state, so they serve for health and descriptions alone.
/// </summary>
internal sealed class OpenEnvProtocol(string environment, EnvironmentOptions settings, TimeProvider time) : IEnvironmentProtocol
{
    private const string User = "{{observation}}";
    private const string Reset = "reset";

    /// <summary>How long a server may take to free the slot of a session that was closed.</summary>
    private static readonly TimeSpan CapacityTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan CapacityPause = TimeSpan.FromMilliseconds(100);

    private readonly OpenEnvOptions _options = settings.OpenEnv;
    private readonly ContainerCall _call = new(time);
    private readonly OpenEnvTasks _tasks = new(settings.OpenEnv);

    private string _version = "";

    private DeclaredEnvironment Declared => new(environment, $"the OpenEnv image {settings.Image}")
    {
        Version = _version,
        ScorerVersion = $"{_options.Score}/1",
        PromptVersion = "openenv/1",
    };

    public Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken) => HealthCheck.WaitAsync(container, "/health", time, cancellationToken);

    public async Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken)
    {
        try
        {
            var (status, body) = await _call.SendAsync(container, ContainerCall.Get("/metadata"), settings.MaxAnswerBytes, cancellationToken);
            if (status == System.Net.HttpStatusCode.OK)
            {
                _version = AnswerJson.Read(body, said => said.ValueKind == JsonValueKind.Object && said.TryGetProperty("version", out var version) ? version.ToString() : "");
            }
        }
        catch (EnvironmentFailedException exception)
        {
            throw new ContainerException($"the OpenEnv server does not describe itself: {exception.Message}", exception);
        }

        var declared = Declared;
        foreach (var (split, ids) in _tasks.Splits) declared.Splits[split] = ids.Count;
        return declared.Describe(settings);
    }

    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken) =>
        _tasks.Splits.TryGetValue(split, out var ids)
            ? Task.FromResult<ReadOnlyMemory<byte>>(JsonSerializer.SerializeToUtf8Bytes(ids))
            : Task.FromException<ReadOnlyMemory<byte>>(new EnvironmentRejectedException($"'{environment}' has no split '{split}'; it has {string.Join(", ", _tasks.Splits.Keys)}"));

    public async Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken)
    {
        if (!_tasks.Contains(request.TaskId)) throw new EnvironmentRejectedException($"'{environment}' has no task '{request.TaskId}'");
        var parameters = CallParameters.OfCreate(request, new CreateParameter(Reset, ParameterType.Object));
        var waited = 0;
        while (true)
        {
            var session = await OpenEnvSession.ConnectAsync(container, settings.MaxAnswerBytes, time, cancellationToken);
            try
            {
                return await BeginAsync(session, request, parameters, cancellationToken);
            }
            catch (OpenEnvErrorException exception) when (exception.Code == OpenEnvErrorException.CapacityReached && waited++ * CapacityPause < CapacityTimeout)
            {
                await session.DisposeAsync();
                await Task.Delay(CapacityPause, time, cancellationToken);
            }
            catch (OpenEnvErrorException exception)
            {
                await session.DisposeAsync();
                throw Refused(request, exception);
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }
    }

    private async Task<IEnvironmentInstance> BeginAsync(OpenEnvSession session, NewInstance request, EpisodeParameters parameters, CancellationToken cancellationToken)
    {
        var begun = OpenEnvObservation.Of(await session.AskAsync("reset", writer => WriteReset(writer, request, parameters), cancellationToken));
        var tools = _options.Action == "tools"
            ? OpenEnvTools.Read(OpenEnvObservation.Of(await session.AskAsync("step", writer => writer.WriteRawValue("""{"type":"list_tools"}"""), cancellationToken)))
            : OpenEnvTools.None;
        var rules = _options.Prompt.Length > 0 ? _options.Prompt : OpenEnvPrompt.Rules(_options);
        var (system, user) = parameters.Fill("{{rules}}", User, new Dictionary<string, string>
        {
            ["rules"] = rules,
            ["observation"] = OpenEnvObservation.Text(begun, _options.ObservationField),
        });
        var opening = EpisodeShape.Opening(system, user, tools.Schemas, writer => Declared.WriteProvenance(writer, settings, Seed(request, parameters)));
        return new OpenEnvInstance(session, _options, tools, rules, opening);
    }

    private void WriteReset(Utf8JsonWriter writer, NewInstance request, EpisodeParameters parameters)
    {
        writer.WriteStartObject();
        if (Seed(request, parameters) is { } seed) writer.WriteNumber("seed", seed);
        if (_options.TaskField != "seed") writer.WriteString(_options.TaskField, request.TaskId);
        if (parameters.Object(Reset) is { } more) WriteMore(writer, more);
        writer.WriteEndObject();
    }

    private void WriteMore(Utf8JsonWriter writer, JsonElement more)
    {
        foreach (var member in more.EnumerateObject())
        {
            // A name may be no text, of which the library makes none.
            var name = member.NameText();
            if (name == "seed" || name == _options.TaskField) continue;
            writer.WritePropertyName(name);
            AnswerJson.WriteRaw(writer, member.Value);
        }
    }

    private long? Seed(NewInstance request, EpisodeParameters parameters) =>
        parameters.Seed ?? (_options.TaskField == "seed" ? long.Parse(request.TaskId, CultureInfo.InvariantCulture) : null);

    private Exception Refused(NewInstance request, OpenEnvErrorException refused) => refused switch
    {
        { IsRefusal: true } => new EnvironmentRejectedException($"'{environment}' refuses task '{request.TaskId}': {refused.Message}"),
        { Code: OpenEnvErrorException.CapacityReached } => new EnvironmentFailedException(
            $"the environment's container is full: {refused.Message}; set InstancesPerContainer to the sessions its image allows", refused),
        _ => new EnvironmentFailedException($"the environment made no instance: {refused.Code}, {refused.Message}", refused),
    };
}
