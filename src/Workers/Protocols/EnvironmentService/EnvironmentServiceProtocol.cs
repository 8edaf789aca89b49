using System.Text.Json;
using SandQueue.Workers.Containers;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>The protocol of our own environment servers and of AgentScope's training images: JSON over HTTP.</summary>
internal sealed class EnvironmentServiceProtocol : IEnvironmentProtocol
{
    /// <summary>Between two looks at a server that is starting: short, for ours is up within a fraction of a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task WaitUntilReadyAsync(IContainer container, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Pause);
        do
        {
            try
            {
                using var response = await container.Http.GetAsync(new Uri("/healthz", UriKind.Relative), cancel);
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    public async Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancel)
    {
        try
        {
            var all = await EnvironmentServiceCall.GetAsync(container, "/environments", cancel);
            using var document = JsonDocument.Parse(all);
            foreach (var described in document.RootElement.EnumerateArray())
            {
                if (described.TryGetProperty("env_type", out var name) && name.ValueEquals(environment)) return JsonSerializer.SerializeToUtf8Bytes(described);
            }
        }
        catch (Exception failure) when (failure is EnvironmentFailedException or EnvironmentRejectedException or JsonException or InvalidOperationException)
        {
            throw new ContainerException($"the environment server does not say what it serves: {failure.Message}", failure);
        }

        throw new ContainerException($"the environment server does not serve '{environment}'");
    }

    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancel) =>
        EnvironmentServiceCall.PostAsync(
            container,
            "/get_env_profile",
            body =>
            {
                body.WriteString("env_type", environment);
                body.WriteStartObject("params");
                body.WriteString("split", split);
                body.WriteEndObject();
            },
            cancel);

    public async Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancel)
    {
        var opening = await EnvironmentServiceCall.PostAsync(
            container,
            "/create",
            body =>
            {
                body.WriteString("env_type", request.Environment);
                body.WriteString("task_id", request.TaskId);
                body.WriteString("instance_id", request.InnerId);
                EnvironmentServiceCall.WriteObject(body, "params", request.Params);
            },
            cancel);
        return new EnvironmentServiceInstance(container, request.InnerId, opening);
    }
}
