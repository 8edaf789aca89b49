using System.Globalization;
using System.Text.Json;
using SandQueue.Frames;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.Descriptions;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>
/// The protocol of our own environment servers and of AgentScope's training images: JSON over HTTP, and by frames with servers whose health check says
/// that they take them.
/// </summary>
internal sealed class EnvironmentServiceProtocol(EnvironmentOptions options, TimeProvider time) : IEnvironmentProtocol
{
    private readonly EnvironmentServiceCall _call = new(options.MaxAnswerBytes, time);

    public async Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken)
    {
        var headers = await HealthCheck.WaitAsync(container, "/healthz", time, cancellationToken);
        _call.MayUseFrames(container, headers.TryGetValues(FrameListening.Header, out var versions) && versions.Contains(FrameListening.Version));
    }

    /// <summary>Our own servers say it with their health check; others have no such header.</summary>
    public async Task<TimeSpan?> FindLongestCallAsync(IContainer container, CancellationToken cancellationToken) =>
        long.TryParse(await HealthCheck.FindHeaderAsync(container, "/healthz", "Sandqueue-Longest-Call-Ms", cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            ? TimeSpan.FromMilliseconds(ms)
            : null;

    public async Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken)
    {
        try
        {
            // AgentScope's images have no such path: what such an environment is, its settings say.
            if (await _call.FindAsync(container, "/environments", cancellationToken) is not { } all) return await DeclaredAsync(container, environment, cancellationToken);

            using var document = JsonDocument.Parse(all);
            foreach (var described in document.RootElement.EnumerateArray())
            {
                if (described.TryGetProperty("env_type", out var name) && name.ValueEquals(environment)) return JsonSerializer.SerializeToUtf8Bytes(described);
            }
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or EnvironmentRejectedException or JsonException or InvalidOperationException)
        {
            throw new ContainerException($"the environment server does not say what it serves: {exception.Message}", exception);
        }

        throw new ContainerException($"the environment server does not serve '{environment}'");
    }

    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken) =>
        _call.PostAsync(
            container,
            "/get_env_profile",
            body =>
            {
                body.WriteString("env_type", environment);
                body.WriteStartObject("params");
                body.WriteString("split", split);
                body.WriteEndObject();
            },
            cancellationToken);

    public async Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken)
    {
        if (options.Parameters.Count > 0 && !request.IsReplay) CallParameters.CheckNames(request.Params, request.Environment, options.Parameters);
        var opening = await _call.PostAsync(
            container,
            "/create",
            body =>
            {
                body.WriteString("env_type", request.Environment);
                body.WriteString("task_id", request.TaskId);
                body.WriteString("instance_id", request.InnerId);
                EnvironmentServiceCall.WriteObject(body, "params", request.Params);
            },
            cancellationToken);
        return new EnvironmentServiceInstance(container, _call, request.InnerId, opening);
    }

    /// <summary>The split every caller asks for unless it names another is asked for here, so that a server without data is noticed.</summary>
    private async Task<ReadOnlyMemory<byte>> DeclaredAsync(IContainer container, string environment, CancellationToken cancellationToken)
    {
        using var train = JsonDocument.Parse(await ListTasksAsync(container, environment, "train", cancellationToken));
        return new DeclaredEnvironment(environment, $"the image {options.Image}")
        {
            Splits = { ["train"] = train.RootElement.GetArrayLength() },
        }.Describe(options);
    }
}
