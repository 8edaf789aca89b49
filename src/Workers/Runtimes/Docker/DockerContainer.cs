using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>An environment server that runs as a container of the engine.</summary>
internal sealed partial class DockerContainer : IContainer
{
    /// <summary>Between two looks at an engine that is away; the container may well be there afterwards.</summary>
    private static readonly TimeSpan EngineAway = TimeSpan.FromSeconds(1);

    private readonly DockerEngine _engine;
    private readonly string _id;
    private readonly Func<Task> _remove;
    private readonly SocketFolderWatch? _folder;
    private readonly ContainerOutput _output;
    private readonly CancellationTokenSource _exited = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _watch;
    private string? _excess;

    /// <param name="engine">Where it runs.</param>
    /// <param name="started">It, as the engine sees it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="address">Where its server listens.</param>
    /// <param name="remove">Removes it and all that is its own.</param>
    /// <param name="folder">Watches over the folder of its socket; null where nothing has to.</param>
    /// <param name="printed">At which level what it prints is logged.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets what it prints, and its end.</param>
    public DockerContainer(
        DockerEngine engine,
        ContainerInspectResponse started,
        ContainerName name,
        ServerAddress address,
        Func<Task> remove,
        SocketFolderWatch? folder,
        LogLevel printed,
        TimeProvider time,
        ILogger log)
    {
        (_engine, _id, _remove, _folder, _time, _log) = (engine, started.ID, remove, folder, time, log);
        (Id, ImageDigest) = (name.Text, started.Image);
        (Http, Connect) = address;
        _output = new ContainerOutput(engine, Id, printed, time, log);
        _watch = WatchAsync();
    }

    public string Id { get; }

    public string ImageDigest { get; }

    public HttpClient Http { get; }

    public Func<CancellationToken, ValueTask<Stream>>? Connect { get; }

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => _output.ToString();

    public async ValueTask<long?> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _engine.MeasureMemoryAsync(_id, cancellationToken);
        }
        catch (ContainerException exception)
        {
            NotMeasured(Id, exception.Message);
            return null;
        }
    }

    public Task<IReadOnlyDictionary<string, byte[]>?> ReadFolderAsync(string folder, long mostBytes, CancellationToken cancellationToken) =>
        _engine.ReadFilesAsync(_id, folder, (archive, limited) => FolderArchive.ReadAsync(archive, folder, mostBytes, limited), cancellationToken);

    public Task WriteFolderAsync(string folder, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken) =>
        _engine.WriteFilesAsync(_id, FolderArchive.Write(folder, files), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested) return;
        await _disposing.CancelAsync();
        await _exited.CancelAsync();
        try
        {
            await _remove();
        }
        finally
        {
            await _watch;
            Http.Dispose();
        }
    }

    private async Task WatchAsync()
    {
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token);
        var output = Task.WhenAll(_output.FollowAsync(follow.Token), LimitFolderAsync(follow.Token));
        try
        {
            var code = await ExitAsync();
            await follow.CancelAsync();
            await output;
            await ReportAsync(code);
            await _exited.CancelAsync();
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // Ended by its worker.
        }

        await output;
    }

    /// <summary>Ends it where the folder of its socket holds more than it may: what others need of the same memory is more than that one is worth.</summary>
    private async Task LimitFolderAsync(CancellationToken cancellationToken)
    {
        if (_folder is null) return;
        try
        {
            while (true)
            {
                _excess = await _folder.WaitAsync(cancellationToken);
                FolderFull(Id, _excess);
                try
                {
                    await _engine.KillContainerAsync(_id, cancellationToken);
                    return;
                }
                catch (ContainerException exception)
                {
                    NotWatched(Id, exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It has exited or is being ended.
        }
    }

    /// <summary>Its exit code, or null where it was removed. An engine that is away is no end: its containers may outlive it.</summary>
    private async Task<long?> ExitAsync()
    {
        for (var away = false; ; away = true)
        {
            try
            {
                return await _engine.WaitAsync(_id, _disposing.Token);
            }
            catch (ContainerException exception)
            {
                if (!away) NotWatched(Id, exception.Message);
                await Task.Delay(EngineAway, _time, _disposing.Token);
            }
        }
    }

    private async Task ReportAsync(long? code)
    {
        if (code is null)
        {
            Gone(Id);
            return;
        }

        try
        {
            await _output.ReadLastAsync(_disposing.Token);
            if (await _engine.FindContainerAsync(_id, _disposing.Token) is { State.OOMKilled: true } killed)
            {
                _output.Add($"(the kernel ended it: it asked for more memory than its {killed.HostConfig.Memory >> 20} MB)");
            }

            if (_excess is not null) _output.Add($"(its worker ended it: the folder of its socket held {_excess})");
        }
        catch (ContainerException exception)
        {
            NotWatched(Id, exception.Message);
        }

        Died(Id, code.Value, OneLine.OfEnd(LastOutput));
    }

    [LoggerMessage(LogLevel.Warning, "container {Container} exited with {ExitCode}; it printed last: {Output}")]
    private partial void Died(string container, long exitCode, string output);

    [LoggerMessage(LogLevel.Warning, "container {Container} is ended: the folder of its socket holds {Excess} (DockerRuntime:SocketFolderKb)")]
    private partial void FolderFull(string container, string excess);

    [LoggerMessage(LogLevel.Warning, "container {Container} was removed by someone else")]
    private partial void Gone(string container);

    [LoggerMessage(LogLevel.Warning, "container {Container} is not watched until the engine is back: {Reason}")]
    private partial void NotWatched(string container, string reason);

    [LoggerMessage(LogLevel.Warning, "the memory of container {Container} is unknown: {Reason}")]
    private partial void NotMeasured(string container, string reason);
}
