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
    public Task<ImageInspectResponse?> FindImageAsync(string image, CancellationToken cancel) =>
        FindAsync($"look for the image {image}", (engine, limited) => engine.Images.InspectImageAsync(image, limited), cancel);

    /// <summary>The container by name or id, or null where there is none.</summary>
    public Task<ContainerInspectResponse?> FindContainerAsync(string container, CancellationToken cancel) =>
        FindAsync($"look for the container {container}", (engine, limited) => engine.Containers.InspectContainerAsync(container, limited), cancel);

    public Task<NetworkResponse?> FindNetworkAsync(string network, CancellationToken cancel) =>
        FindAsync($"look for the network {network}", (engine, limited) => engine.Networks.InspectNetworkAsync(network, limited), cancel);

    /// <returns>The container's id.</returns>
    public async Task<string> CreateContainerAsync(CreateContainerParameters container, CancellationToken cancel) =>
        (await CallAsync($"create the container {container.Name}", (engine, limited) => engine.Containers.CreateContainerAsync(container, limited), cancel)).ID;

    public Task StartContainerAsync(string container, CancellationToken cancel) =>
        CallAsync($"start the container {container}", (engine, limited) => engine.Containers.StartContainerAsync(container, new ContainerStartParameters(), limited), cancel);

    /// <summary>Ends it and removes it with its volumes.</summary>
    /// <returns>False where it is not there, or where someone else is removing it.</returns>
    public Task<bool> RemoveContainerAsync(string container, CancellationToken cancel) => RemoveAsync(
        $"remove the container {container}",
        (engine, limited) => engine.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, limited),
        cancel);

    public Task CreateNetworkAsync(NetworksCreateParameters network, CancellationToken cancel) =>
        CallAsync($"create the network {network.Name}", (engine, limited) => engine.Networks.CreateNetworkAsync(network, limited), cancel);

    public Task ConnectNetworkAsync(string network, string container, CancellationToken cancel) => CallAsync(
        $"connect {container} to the network {network}",
        async (engine, limited) =>
        {
            await engine.Networks.ConnectNetworkAsync(network, new NetworkConnectParameters { Container = container }, limited);
            return true;
        },
        cancel);

    /// <returns>False where it was not connected.</returns>
    public Task<bool> DisconnectNetworkAsync(string network, string container, CancellationToken cancel) => RemoveAsync(
        $"disconnect {container} from the network {network}",
        (engine, limited) => engine.Networks.DisconnectNetworkAsync(network, new NetworkDisconnectParameters { Container = container, Force = true }, limited),
        cancel);

    public Task<bool> RemoveNetworkAsync(string network, CancellationToken cancel) =>
        RemoveAsync($"remove the network {network}", (engine, limited) => engine.Networks.DeleteNetworkAsync(network, limited), cancel);

    /// <summary>Containers with a label, those that have exited too.</summary>
    public Task<IList<ContainerListResponse>> ListContainersAsync(string label, CancellationToken cancel) => CallAsync(
        "list containers",
        (engine, limited) => engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = LabelFilter(label) }, limited),
        cancel);

    public Task<IList<NetworkResponse>> ListNetworksAsync(string label, CancellationToken cancel) => CallAsync(
        "list networks",
        (engine, limited) => engine.Networks.ListNetworksAsync(new NetworksListParameters { Filters = LabelFilter(label) }, limited),
        cancel);

    /// <summary>Waits until it has exited, however long that takes.</summary>
    /// <returns>Its exit code, or null where it is not there any more.</returns>
    public async Task<long?> WaitAsync(string container, CancellationToken cancel)
    {
        var what = $"wait for the container {container}";
        try
        {
            var client = await ConnectAsync(what, cancel);
            return (await client.Containers.WaitContainerAsync(container, cancel)).StatusCode;
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (EngineFailure.Explains(failure))
        {
            throw EngineFailure.Explain(address, what, failure);
        }
    }

    /// <summary>What it printed last and, where that is wanted, what it prints from then on.</summary>
    public Task<MultiplexedStream> ReadOutputAsync(string container, int lastLines, bool follow, CancellationToken cancel) => CallAsync(
        $"read the output of the container {container}",
        (engine, _) => engine.Containers.GetContainerLogsAsync(
            container,
            tty: false,
            new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = follow, Tail = $"{lastLines}" },
            cancel),
        cancel);

    /// <summary>The memory a container uses, or null where the engine does not say.</summary>
    public Task<long?> MeasureMemoryAsync(string container, CancellationToken cancel) => CallAsync(
        $"measure the container {container}",
        async (engine, limited) =>
        {
            MemoryStats? memory = null;
            await engine.Containers.GetContainerStatsAsync(
                container, new ContainerStatsParameters { Stream = false, OneShot = true }, new Latest(stats => memory = stats.MemoryStats), limited);
            return memory is { Usage: > 0 } used ? (long)(used.Usage - FileCache(used)) : null as long?;
        },
        cancel);

    /// <summary>A folder of a container's own file system as an archive (tar), or null where there is none.</summary>
    public Task<T?> ReadFilesAsync<T>(string container, string folder, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancel)
        where T : class => FindAsync(
        $"read {folder} in the container {container}",
        async (engine, limited) =>
        {
            var archive = await engine.Containers.GetArchiveFromContainerAsync(container, new GetArchiveFromContainerParameters { Path = folder }, statOnly: false, limited);
            await using (archive.Stream) return await read(archive.Stream, limited);
        },
        cancel);

    /// <summary>Unpacks an archive (tar) of full paths in a container's own file system.</summary>
    public Task WriteFilesAsync(string container, Stream archive, CancellationToken cancel) => CallAsync(
        $"write files into the container {container}",
        async (engine, limited) =>
        {
            await engine.Containers.ExtractArchiveToContainerAsync(container, new ContainerPathStatParameters { Path = "/" }, archive, limited);
            return true;
        },
        cancel);

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

    private async Task<T?> FindAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> find, CancellationToken cancel)
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
                catch (DockerApiException absent) when (absent.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancel);
    }

    private Task<bool> RemoveAsync(string what, Func<DockerClient, CancellationToken, Task> remove, CancellationToken cancel) => CallAsync(
        what,
        async (engine, limited) =>
        {
            try
            {
                await remove(engine, limited);
                return true;
            }
            catch (DockerApiException absent) when (absent.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                return false;
            }
        },
        cancel);

    private async Task<T> CallAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var client = await ConnectAsync(what, cancel);
        return await LimitAsync(what, limited => call(client, limited), cancel);
    }

    private async Task<DockerClient> ConnectAsync(string what, CancellationToken cancel)
    {
        if (_client is { } connected) return connected;
        await _connecting.WaitAsync(cancel);
        try
        {
            return _client ??= await LimitAsync(what, NegotiateAsync, cancel);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<DockerClient> NegotiateAsync(CancellationToken cancel)
    {
        // The limits are ours: the client's own would also cut the calls that wait.
        var configuration = new DockerClientConfiguration(address, defaultTimeout: Timeout.InfiniteTimeSpan);
        using var asking = configuration.CreateClient();
        var newest = System.Version.Parse((await asking.System.GetVersionAsync(cancel)).APIVersion);
        return configuration.CreateClient(newest < Newest ? newest : Newest);
    }

    private async Task<T> LimitAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await call(limited.Token);
        }
        catch (Exception failure) when (EngineFailure.Explains(failure))
        {
            cancel.ThrowIfCancellationRequested();
            throw EngineFailure.Explain(address, what, failure);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ContainerException($"cannot {what}: the Docker engine at {address} did not answer within {limit.TotalSeconds:0} s");
        }
    }

    private sealed class Latest(Action<ContainerStatsResponse> keep) : IProgress<ContainerStatsResponse>
    {
        public void Report(ContainerStatsResponse value) => keep(value);
    }
}
