using System.Collections.Concurrent;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// Starts environment servers as containers of a Docker engine: reached over a Unix socket and without a network, or, where
/// an image only speaks TCP, in an internal network of its own.
/// </summary>
internal sealed partial class DockerRuntime : IRuntime, IDisposable
{
    /// <summary>What this worker started, by name, and the folder of its socket once it has one.</summary>
    private readonly ConcurrentDictionary<string, string?> _own = new(StringComparer.Ordinal);

    private readonly DockerRuntimeOptions _options;
    private readonly WorkerIdentity _worker;
    private readonly DockerEngine _engine;
    private readonly ContainerNetworks _networks;
    private readonly SocketFolders _folders;
    private readonly TimeProvider _time;
    private readonly ILogger<DockerContainer> _log;
    private WorkerSurroundings? _surroundings;

    public DockerRuntime(IOptions<DockerRuntimeOptions> options, WorkerIdentity worker, TimeProvider time, ILogger<DockerContainer> log)
    {
        (_options, _worker, _time, _log) = (options.Value, worker, time, log);
        _engine = new DockerEngine(EngineAddress.Find(_options), _options.EngineTimeout, time);
        _networks = new ContainerNetworks(_engine);
        _folders = new SocketFolders(_options.SocketFolder, _options.Farm);
    }

    public async Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        var image = await FindImageAsync(options, cancellationToken);
        var name = ContainerName.New(environment);
        // Known before it exists: what carries this worker's label and is not known is a leftover.
        _own[name.Text] = null;
        try
        {
            return await StartAsync(name, image, environment, options, cancellationToken);
        }
        catch
        {
            await TryRemoveAsync(name);
            throw;
        }
    }

    public Task<int> RemoveLeftoversAsync(Func<string, CancellationToken, Task<bool>> isLiving, CancellationToken cancellationToken)
    {
        return new Leftovers(_engine, _networks, _folders, _options.Farm, IsLeftoverAsync, _log).RemoveAsync(cancellationToken);

        async Task<bool> IsLeftoverAsync(string worker, string name) =>
            !_own.ContainsKey(name) && (worker == _worker.Process || !await isLiving(worker, cancellationToken));
    }

    public void Dispose()
    {
        // What containers still run is for the pools to end, before this; if they could not, for a later worker.
        try
        {
            if (_own.IsEmpty) _folders.RemoveOwn();
        }
        catch (ContainerException exception)
        {
            FolderNotRemoved(exception.Message);
        }

        _folders.Dispose();
        _engine.Dispose();
    }

    private async Task<ImageInspectResponse> FindImageAsync(EnvironmentOptions options, CancellationToken cancellationToken)
    {
        var image = options.Image is { Length: > 0 } named ? named : _options.Image;
        return await _engine.FindImageAsync(image, cancellationToken) ?? throw new ContainerException(
            image == _options.Image
                ? $"the engine has no image {image}; build it with: docker build -t {image} -f environments/Dockerfile ."
                : $"the engine has no image {image}; get it with: docker pull {image}");
    }

    private async Task<DockerContainer> StartAsync(
        ContainerName name, ImageInspectResponse image, string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        var worker = _surroundings ??= await WorkerSurroundings.FindAsync(_engine, _options.WorkerContainer, cancellationToken);
        var labels = new ContainerLabels(_options.Farm, _worker.Process, environment);
        var folder = options.Port is null ? _folders.Create(_worker.Process, name) : null;
        _own[name.Text] = folder;
        var watch = folder is null ? null : LimitFolder(folder, worker);
        var network = await _networks.CreateAsync(name, labels, options, worker, cancellationToken);
        var specification = ContainerSpecification.Create(name, labels, image, options, folder is null ? null : worker.AsEngineSees(folder), network);

        // Not to be given up half-way: a container that comes to be after its removal would stay.
        await _engine.CreateContainerAsync(specification, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        await _engine.StartContainerAsync(name.Text, cancellationToken);
        var started = await _engine.FindContainerAsync(name.Text, cancellationToken)
            ?? throw new ContainerException($"the container {name} was removed by someone else while it started");
        var address = folder is not null
            ? ServerAddress.OverSocket(Path.Combine(folder, ContainerSpecification.SocketName))
            : ServerAddress.OverTcp(await AddressAsync(started, network!, environment, cancellationToken), options.Port!.Value);
        return new DockerContainer(_engine, started, name, address, () => RemoveAsync(name), watch, options.StartsYoung ? LogLevel.Information : LogLevel.Debug, _time, _log);
    }

    /// <returns>What watches over its size; null where the kernel does, or where it is to have no limit.</returns>
    private SocketFolderWatch? LimitFolder(string folder, WorkerSurroundings worker)
    {
        var limitKb = _options.SocketFolderKb;
        if (limitKb <= 0) return null;

        // In a container the worker has mounts of its own, which the engine does not see.
        var isLimited = worker.Container is null && SocketFolders.TryLimit(folder, limitKb);
        return isLimited ? null : new SocketFolderWatch(folder, limitKb, _time);
    }

    private async Task<string> AddressAsync(ContainerInspectResponse started, string network, string environment, CancellationToken cancellationToken)
    {
        var address = started.NetworkSettings?.Networks?.TryGetValue(network, out var endpoint) == true ? endpoint.IPAddress : null;
        if (address is { Length: > 0 }) return address;

        var output = new ContainerOutput(_engine, started.ID, LogLevel.Debug, _time, _log);
        await output.ReadLastAsync(cancellationToken);
        var printed = OneLine.OfEnd(output.ToString(), 1000);
        throw new ContainerException(
            $"the environment server of '{environment}' exited at once, with {started.State.ExitCode}; it printed: {(printed.Length > 0 ? printed : "nothing")}");
    }

    private async Task TryRemoveAsync(ContainerName name)
    {
        try
        {
            await RemoveAsync(name);
        }
        catch (ContainerException exception)
        {
            // The caller is told what failed first; what is left is a leftover from now on.
            _own.TryRemove(name.Text, out _);
            NotRemoved(name.Text, exception.Message);
        }
    }

    private async Task RemoveAsync(ContainerName name)
    {
        try
        {
            await _engine.RemoveContainerAsync(name.Text, CancellationToken.None);
            await _networks.RemoveAsync(name.Text, CancellationToken.None);
            if (_own.GetValueOrDefault(name.Text) is { } folder) SocketFolders.Remove(folder);
        }
        finally
        {
            _own.TryRemove(name.Text, out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "container {Container} could not be removed; a later sweep will: {Reason}")]
    private partial void NotRemoved(string container, string reason);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private partial void FolderNotRemoved(string reason);
}
