using Docker.DotNet.Models;
using SandQueue.Workers.Options;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Networks of one container each, so that no container reaches another.</summary>
internal sealed class ContainerNetworks(DockerEngine engine)
{
    /// <returns>The network's name, the container's own; null where its settings need none.</returns>
    public async Task<string?> CreateAsync(
        ContainerName name, ContainerLabels labels, EnvironmentOptions options, WorkerSurroundings worker, CancellationToken cancel)
    {
        if (options.Port is null && options.Network == NetworkPolicy.Closed) return null;

        await engine.CreateNetworkAsync(
            new NetworksCreateParameters
            {
                Name = name.Text,
                Driver = "bridge",
                Internal = options.Network == NetworkPolicy.Closed,
                CheckDuplicate = true,
                Labels = labels.ToDictionary(),
            },
            cancel);
        if (options.Port is not null && worker.Container is { } own) await engine.ConnectNetworkAsync(name.Text, own.ID, cancel);
        return name.Text;
    }

    /// <summary>Removes a network, whatever is still connected to it.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancel)
    {
        if (await engine.FindNetworkAsync(name, cancel) is not { } network) return;
        foreach (var container in network.Containers?.Keys ?? []) await engine.DisconnectNetworkAsync(name, container, cancel);
        await engine.RemoveNetworkAsync(name, cancel);
    }
}
