using SandQueue.Client;

namespace SandQueue.Bench.Doors;

/// <summary>Steps of many instances in one call.</summary>
internal sealed class VectorPlayer(SandQueueClient client, int width) : IDoorPlayer
{
    private EnvironmentInstance[] _instances = [];

    public async Task OpenAsync(string taskId, CancellationToken cancellationToken) =>
        _instances = await Task.WhenAll(Enumerable.Range(0, width).Select(_ => client.CreateAsync("frozenlake", taskId, cancellationToken: cancellationToken)));

    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        var results = await client.StepAsync([.. _instances.Select(instance => new StepRequest(instance.InstanceId, "<action>up</action>"))], cancellationToken: cancellationToken);
        return results.FirstOrDefault(result => result.Failure is not null) is { Failure: var error } ? throw new InvalidDataException(error!.Message) : results.Count;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_instances.Select(instance => instance.DisposeAsync().AsTask()));
}
