using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// The engine's calls that a worker needs: every one can be cancelled, none waits longer than the limit, what is not
/// there is a value, and what fails says why.
/// </summary>
/// <param name="address">Where it listens.</param>
/// <param name="limit">How long it may take for one answer.</param>
/// <param name="time">The clock of that limit.</param>
internal sealed class DockerEngine(Uri address, TimeSpan limit, TimeProvider time) : IDisposable
{
    /// <summary>The newest version this program was written for. Engines from 29 on know none older than it.</summary>
    private static readonly System.Version Newest = new(1, 44);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private DockerClient? _client;

    /// <summary>The image, or null where the engine does not have it.</summary>
    public Task<ImageInspectResponse?> FindImageAsync(string image, CancellationToken cancellationToken) =>
        FindAsync($"look for the image {image}", (engine, limited) => engine.Images.InspectImageAsync(image, limited), cancellationToken);

    /// <summary>The container by name or id, or null where there is none.</summary>
    public Task<ContainerInspectResponse?> FindContainerAsync(string container, CancellationToken cancellationToken) =>
        FindAsync($"look for the container {container}", (engine, limited) => engine.Containers.InspectContainerAsync(container, limited), cancellationToken);

    public Task<NetworkResponse?> FindNetworkAsync(string network, CancellationToken cancellationToken) =>
        FindAsync($"look for the network {network}", (engine, limited) => engine.Networks.InspectNetworkAsync(network, limited), cancellationToken);

    /// <returns>The container's id.</returns>
    public async Task<string> CreateContainerAsync(CreateContainerParameters container, CancellationToken cancellationToken) =>
        (await CallAsync($"create the container {container.Name}", (engine, limited) => engine.Containers.CreateContainerAsync(container, limited), cancellationToken)).ID;

    public Task StartContainerAsync(string container, CancellationToken cancellationToken) =>
        CallAsync($"start the container {container}", (engine, limited) => engine.Containers.StartContainerAsync(container, new ContainerStartParameters(), limited), cancellationToken);

    /// <summary>Ends it and removes it with its volumes.</summary>
    /// <returns>False where it is not there, or where someone else is removing it.</returns>
    public Task<bool> RemoveContainerAsync(string container, CancellationToken cancellationToken) => RemoveAsync(
        $"remove the container {container}",
        (engine, limited) => engine.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, limited),
        cancellationToken);

    /// <summary>Ends what runs in it.</summary>
    /// <returns>False where it is not there, or where nothing runs in it any more.</returns>
    public Task<bool> KillContainerAsync(string container, CancellationToken cancellationToken) => RemoveAsync(
        $"end the container {container}",
        (engine, limited) => engine.Containers.KillContainerAsync(container, new ContainerKillParameters(), limited),
        cancellationToken);

    public Task CreateNetworkAsync(NetworksCreateParameters network, CancellationToken cancellationToken) =>
        CallAsync($"create the network {network.Name}", (engine, limited) => engine.Networks.CreateNetworkAsync(network, limited), cancellationToken);

    public Task ConnectNetworkAsync(string network, string container, CancellationToken cancellationToken) => CallAsync(
        $"connect {container} to the network {network}",
        async (engine, limited) =>
        {
            await engine.Networks.ConnectNetworkAsync(network, new NetworkConnectParameters { Container = container }, limited);
            return true;
        },
        cancellationToken);

    /// <returns>False where it was not connected.</returns>
    public Task<bool> DisconnectNetworkAsync(string network, string container, CancellationToken cancellationToken) => RemoveAsync(
        $"disconnect {container} from the network {network}",
        (engine, limited) => engine.Networks.DisconnectNetworkAsync(network, new NetworkDisconnectParameters { Container = container, Force = true }, limited),
        cancellationToken);

    public Task<bool> RemoveNetworkAsync(string network, CancellationToken cancellationToken) =>
        RemoveAsync($"remove the network {network}", (engine, limited) => engine.Networks.DeleteNetworkAsync(network, limited), cancellationToken);

    /// <summary>Containers with a label, those that have exited too.</summary>
    public Task<IList<ContainerListResponse>> ListContainersAsync(string label, CancellationToken cancellationToken) => CallAsync(
        "list containers",
        (engine, limited) => engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = LabelFilter(label) }, limited),
        cancellationToken);

    public Task<IList<NetworkResponse>> ListNetworksAsync(string label, CancellationToken cancellationToken) => CallAsync(
        "list networks",
        (engine, limited) => engine.Networks.ListNetworksAsync(new NetworksListParameters { Filters = LabelFilter(label) }, limited),
        cancellationToken);

    /// <summary>Waits until it has exited, however long that takes.</summary>
    /// <returns>Its exit code, or null where it is not there any more.</returns>
    public async Task<long?> WaitAsync(string container, CancellationToken cancellationToken)
    {
        var what = $"wait for the container {container}";
        try
        {
            var client = await ConnectAsync(what, cancellationToken);
            return (await client.Containers.WaitContainerAsync(container, cancellationToken)).StatusCode;
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (EngineFailure.Explains(exception))
        {
            throw EngineFailure.Explain(address, what, exception);
        }
    }

    /// <summary>What it printed last and, where that is wanted, what it prints from then on.</summary>
    public Task<MultiplexedStream> ReadOutputAsync(string container, int lastLines, bool follow, CancellationToken cancellationToken) => CallAsync(
        $"read the output of the container {container}",
        (engine, _) => engine.Containers.GetContainerLogsAsync(
            container,
            tty: false,
            new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = follow, Tail = $"{lastLines}" },
            cancellationToken),
        cancellationToken);

    /// <summary>The memory a container uses, or null where the engine does not say.</summary>
    public Task<long?> MeasureMemoryAsync(string container, CancellationToken cancellationToken) => CallAsync(
        $"measure the container {container}",
        async (engine, limited) =>
        {
            MemoryStats? memory = null;
            await engine.Containers.GetContainerStatsAsync(
                container, new ContainerStatsParameters { Stream = false, OneShot = true }, new Latest(stats => memory = stats.MemoryStats), limited);
            return memory is { Usage: > 0 } used ? (long)(used.Usage - FileCache(used)) : null as long?;
        },
        cancellationToken);

    /// <summary>A folder of a container's own file system as an archive (tar), or null where there is none.</summary>
    public Task<T?> ReadFilesAsync<T>(string container, string folder, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class => FindAsync(
        $"read {folder} in the container {container}",
        async (engine, limited) =>
        {
            var archive = await engine.Containers.GetArchiveFromContainerAsync(container, new GetArchiveFromContainerParameters { Path = folder }, statOnly: false, limited);
            await using (archive.Stream) return await read(archive.Stream, limited);
        },
        cancellationToken);

    /// <summary>Unpacks an archive (tar) of full paths in a container's own file system.</summary>
    public Task WriteFilesAsync(string container, Stream archive, CancellationToken cancellationToken) => CallAsync(
        $"write files into the container {container}",
        async (engine, limited) =>
        {
            await engine.Containers.ExtractArchiveToContainerAsync(container, new ContainerPathStatParameters { Path = "/" }, archive, limited);
            return true;
        },
        cancellationToken);

    public void Dispose()
    {
        _client?.Dispose();
        _connecting.Dispose();
    }

    /// <summary>Pages of files that the kernel gives back when it needs them; cgroup v1 and v2 name them differently.</summary>
    private static ulong FileCache(MemoryStats memory) =>
        memory.Stats is { } details && (details.TryGetValue("total_inactive_file", out var pages) || details.TryGetValue("inactive_file", out pages))
            ? Math.Min(pages, memory.Usage)
            : 0;

    private static Dictionary<string, IDictionary<string, bool>> LabelFilter(string label) =>
        new(StringComparer.Ordinal) { ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [label] = true } };

    private async Task<T?> FindAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> find, CancellationToken cancellationToken)
        where T : class
    {
        return await CallAsync(
            what,
            async (engine, limited) =>
            {
                try
                {
                    return await find(engine, limited);
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken);
    }

    private Task<bool> RemoveAsync(string what, Func<DockerClient, CancellationToken, Task> remove, CancellationToken cancellationToken) => CallAsync(
        what,
        async (engine, limited) =>
        {
            try
            {
                await remove(engine, limited);
                return true;
            }
            catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                return false;
            }
        },
        cancellationToken);

    private async Task<T> CallAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(what, cancellationToken);
        return await LimitAsync(what, limited => call(client, limited), cancellationToken);
    }

    private async Task<DockerClient> ConnectAsync(string what, CancellationToken cancellationToken)
    {
        if (_client is { } connected) return connected;
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return _client ??= await LimitAsync(what, NegotiateAsync, cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<DockerClient> NegotiateAsync(CancellationToken cancellationToken)
    {
        // The limits are ours: the client's own would also cut the calls that wait.
        var configuration = new DockerClientConfiguration(address, defaultTimeout: Timeout.InfiniteTimeSpan);
        using var asking = configuration.CreateClient();
        var newest = System.Version.Parse((await asking.System.GetVersionAsync(cancellationToken)).APIVersion);
        return configuration.CreateClient(newest < Newest ? newest : Newest);
    }

    private async Task<T> LimitAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await call(limited.Token);
        }
        catch (Exception exception) when (EngineFailure.Explains(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EngineFailure.Explain(address, what, exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerException($"cannot {what}: the Docker engine at {address} did not answer within {limit.TotalSeconds:0} s");
        }
    }

    private sealed class Latest(Action<ContainerStatsResponse> keep) : IProgress<ContainerStatsResponse>
    {
        public void Report(ContainerStatsResponse value) => keep(value);
    }
}
