using Docker.DotNet.Models;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Networks of one container each, so that no container reaches another.</summary>
internal sealed class ContainerNetworks(DockerEngine engine)
{
    /// <returns>The network's name, the container's own; null where its settings need none.</returns>
    public async Task<string?> CreateAsync(
        ContainerName name, ContainerLabels labels, EnvironmentOptions options, WorkerSurroundings worker, CancellationToken cancellationToken)
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
            cancellationToken);
        if (options.Port is not null && worker.Container is { } own) await engine.ConnectNetworkAsync(name.Text, own.ID, cancellationToken);
        return name.Text;
    }

    /// <summary>Removes a network, whatever is still connected to it.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (await engine.FindNetworkAsync(name, cancellationToken) is not { } network) return;
        foreach (var container in network.Containers?.Keys ?? []) await engine.DisconnectNetworkAsync(name, container, cancellationToken);
        await engine.RemoveNetworkAsync(name, cancellationToken);
    }
}
