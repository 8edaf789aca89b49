using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Protocols.AppWorld.Server;

/// <summary>
/// AppWorld's server in one container. It holds one world at a time: making a second would silently destroy the first, so
/// an instance takes the process until it is released. The process is used again, because its first world takes
/// seconds to load and every later one a fraction.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to free: nobody asks for its wait handle.")]
internal sealed class AppWorldProcess(IContainer container, long mostBytes, TimeProvider time)
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _world = new(1, 1);
    private readonly ContainerCall _call = new(time);

    /// <summary>There is a world to close.</summary>
    private bool _open;

    /// <summary>A call was broken off, and the agent's code may still run in there; or the process is not good for another world.</summary>
    private bool _spoiled;

    /// <summary>Waits until the world before has been closed.</summary>
    /// <exception cref="EnvironmentFailedException">The container exited meanwhile.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, container.Exited);
        try
        {
            await _world.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EnvironmentFailedException("the environment's container exited; the worker's log has what it printed last");
        }
    }

    /// <summary>Makes the world of a task.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public async Task<JsonElement> InitializeAsync(Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        var world = await CallAsync("/initialize", members, cancellationToken);
        _open = true;
        return world;
    }

    /// <returns>The <c>output</c> of the answer.</returns>
    /// <exception cref="EnvironmentRejectedException">
    /// The server refuses the request, as it does for a task it does not have, or it is a version that has no such call.
    /// </exception>
    public async Task<JsonElement> CallAsync(string path, Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        var before = _spoiled;
        _spoiled = true;
        var (status, body) = await _call.SendAsync(container, ContainerCall.Post(path, members), mostBytes, cancellationToken);
        if (status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            _spoiled = before;
            throw new EnvironmentRejectedException($"AppWorld's server refused {path}: {ContainerCall.Detail(status, body)}");
        }

        if (status != HttpStatusCode.OK) throw new EnvironmentFailedException($"AppWorld's server failed at {path} with {(int)status}: {ContainerCall.Detail(status, body)}");
        var output = ContainerCall.Member(body, "output"u8) ?? throw new EnvironmentFailedException($"{path} answered without output");
        using var document = JsonDocument.Parse(output);
        _spoiled = before;
        return document.RootElement.Clone();
    }

    /// <summary>It serves no further world: this one is the last, and the process ends with it.</summary>
    public void Spoil() => _spoiled = true;

    /// <summary>Makes way for the next world: by closing this one, or by ending the process where it is not known to be well.</summary>
    public async Task EndLeaseAsync(Action<Utf8JsonWriter> task, CancellationToken cancellationToken)
    {
        try
        {
            if (_open && !_spoiled && !container.Exited.IsCancellationRequested) await TryCloseAsync(task, cancellationToken);
            _open = false;

            // Its pool learns that it has exited, and starts another.
            if (_spoiled) await container.DisposeAsync();
        }
        catch (ContainerException exception)
        {
            throw new EnvironmentFailedException($"the environment's container could not be ended: {exception.Message}", exception);
        }
        finally
        {
            _world.Release();
        }
    }

    private async Task TryCloseAsync(Action<Utf8JsonWriter> task, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CloseLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await CallAsync("/close", task, limit.Token);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or EnvironmentRejectedException or OperationCanceledException)
        {
            // A world that does not close would be in the way of the next: the process ends with it.
            _spoiled = true;
        }
    }
}
