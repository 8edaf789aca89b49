using SandQueue.Client;

namespace SandQueue.Bench.Doors;

/// <summary>The .NET client, over whatever it speaks.</summary>
internal sealed class ClientPlayer(SandQueueClient client) : IDoorPlayer
{
    private EnvironmentInstance? _instance;

    public async Task OpenAsync(string taskId, CancellationToken cancellationToken) => _instance = await client.CreateAsync("frozenlake", taskId, cancellationToken: cancellationToken);

    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        await _instance!.StepAsync("<action>up</action>", cancellationToken: cancellationToken);
        return 1;
    }

    public ValueTask DisposeAsync() => _instance?.DisposeAsync() ?? ValueTask.CompletedTask;
}
