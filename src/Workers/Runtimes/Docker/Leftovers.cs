using Microsoft.Extensions.Logging;
using SandQueue.Storage.Model;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Finds containers, networks and socket folders of a farm that nobody owns any more, and removes them.</summary>
/// <param name="engine">Where they are.</param>
/// <param name="networks">Removes networks.</param>
/// <param name="folders">Finds folders.</param>
/// <param name="farm">The farm's name.</param>
/// <param name="isLeftover">Whether what a worker of that name has started under that name is a leftover.</param>
/// <param name="log">Gets what was removed and what could not be.</param>
internal sealed partial class Leftovers(
    DockerEngine engine, ContainerNetworks networks, SocketFolders folders, string farm, Func<string, string, Task<bool>> isLeftover, ILogger log)
{
    /// <returns>Containers removed. Several workers may look at the same time: each counts what it removed itself.</returns>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var label = ContainerLabels.OfFarm(farm);
        foreach (var container in await engine.ListContainersAsync(label, cancellationToken))
        {
            var name = container.Names[0].TrimStart('/');
            var worker = ContainerLabels.WorkerOf(container.Labels);
            if (!await isLeftover(worker, name)) continue;
            var gone = await TryAsync(name, worker, async () => removed += await engine.RemoveContainerAsync(container.ID, cancellationToken) ? 1 : 0);
            if (gone) Removed(name, worker);
        }

        // After the containers: a network with one in it stays.
        foreach (var network in await engine.ListNetworksAsync(label, cancellationToken))
        {
            var worker = ContainerLabels.WorkerOf(network.Labels);
            if (await isLeftover(worker, network.Name)) await TryAsync(network.Name, worker, () => networks.RemoveAsync(network.Name, cancellationToken));
        }

        foreach (var (folder, worker) in FindFolders())
        {
            if (await isLeftover(worker, folder)) await TryAsync(folder, worker, () => Task.Run(() => SocketFolders.RemoveWorker(folder, cancellationToken), cancellationToken));
        }

        return removed;
    }

    private IReadOnlyList<(string Folder, string Worker)> FindFolders()
    {
        try
        {
            return folders.FindOthers();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotListed(folders.Root, exception.Message);
            return [];
        }
    }

    /// <summary>One that cannot be removed, for whatever reason, does not keep the others; the next sweep tries it again.</summary>
    private async Task<bool> TryAsync(string name, string worker, Func<Task> remove)
    {
        try
        {
            await remove();
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotRemoved(name, worker, exception.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "removed {Name}, left behind by worker {Worker}")]
    private partial void Removed(string name, string worker);

    [LoggerMessage(LogLevel.Warning, "the folders of sockets in {Root} cannot be listed; the next sweep tries again: {Reason}")]
    private partial void NotListed(string root, string reason);

    [LoggerMessage(LogLevel.Warning, "{Name}, left behind by worker {Worker}, could not be removed; the next sweep tries again: {Reason}")]
    private partial void NotRemoved(string name, string worker, string reason);
}
