using Microsoft.Extensions.Logging;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Protocols;

namespace SandQueue.Workers.Containers;

/// <summary>The containers of one environment: gives instances a place, starts containers when there is none.</summary>
internal sealed partial class ContainerPool(
    string environment, EnvironmentOptions options, IRuntime runtime, IEnvironmentProtocol protocol, ILogger<ContainerPool> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _room = new(options.InstancesPerContainer * options.MaxContainers);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<PooledContainer> _containers = [];

    public string Environment => environment;

    public IEnvironmentProtocol Protocol => protocol;

    /// <summary>Instances that still find a place.</summary>
    public int Room => _room.CurrentCount;

    /// <summary>What its servers say of the environment, once <see cref="DescribeAsync"/> asked the first.</summary>
    public EnvironmentTraits Traits { get; private set; } = new(Replayable: false, EvaluateChangesState: false);

    /// <summary>Starts the first container and asks what it serves: a JSON object.</summary>
    /// <exception cref="ContainerException">It could not be started.</exception>
    public async Task<ReadOnlyMemory<byte>> DescribeAsync(CancellationToken cancel)
    {
        using var slot = await AcquireAsync(cancel);
        var description = await protocol.DescribeAsync(slot.Container, environment, cancel);
        Traits = EnvironmentTraits.Read(description);
        return description;
    }

    /// <summary>Waits for room and gives an instance its place in a healthy container.</summary>
    /// <exception cref="OperationCanceledException">There was no room in time.</exception>
    /// <exception cref="ContainerException">No container could be started.</exception>
    public async Task<ContainerSlot> AcquireAsync(CancellationToken cancel)
    {
        await _room.WaitAsync(cancel);
        try
        {
            return new ContainerSlot(this, await PlaceAsync(cancel));
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    /// <summary>A healthy container, for calls that belong to no instance.</summary>
    /// <exception cref="ContainerException">None runs and none could be started.</exception>
    public async Task<IContainer> AnyAsync(CancellationToken cancel)
    {
        lock (_containers)
        {
            if (_containers.Find(container => !container.Container.Exited.IsCancellationRequested) is { } running) return running.Container;
        }

        using var slot = await AcquireAsync(cancel);
        return slot.Container;
    }

    public async ValueTask DisposeAsync()
    {
        await _starting.WaitAsync();
        foreach (var container in _containers) await container.Container.DisposeAsync();
        _containers.Clear();
        _starting.Release();
    }

    internal void Leave(PooledContainer container)
    {
        lock (_containers) container.Instances--;
        _room.Release();
    }

    private async Task<PooledContainer> PlaceAsync(CancellationToken cancel)
    {
        if (TryPlace() is { } placed) return placed;

        await _starting.WaitAsync(cancel);
        try
        {
            await DropExitedAsync();
            if (TryPlace() is { } afterwards) return afterwards;

            var container = await StartAsync(cancel);
            lock (_containers)
            {
                _containers.Add(container);
                container.Instances++;
            }

            return container;
        }
        finally
        {
            _starting.Release();
        }
    }

    private PooledContainer? TryPlace()
    {
        lock (_containers)
        {
            var emptiest = _containers
                .Where(container => !container.Container.Exited.IsCancellationRequested && container.Instances < options.InstancesPerContainer)
                .MinBy(container => container.Instances);
            if (emptiest is not null) emptiest.Instances++;
            return emptiest;
        }
    }

    private async Task DropExitedAsync()
    {
        List<PooledContainer> exited;
        lock (_containers)
        {
            exited = _containers.FindAll(container => container.Container.Exited.IsCancellationRequested);
            _containers.RemoveAll(exited.Contains);
        }

        foreach (var container in exited) await container.Container.DisposeAsync();
    }

    private async Task<PooledContainer> StartAsync(CancellationToken cancel)
    {
        var container = await runtime.StartAsync(environment, options, cancel);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, container.Exited);
            limit.CancelAfter(options.StartTimeout);
            await protocol.WaitUntilReadyAsync(container, limit.Token);
            Started(environment, container.Id);
            return new PooledContainer(container);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var what = container.Exited.IsCancellationRequested ? "exited at once" : $"did not become healthy within {options.StartTimeout.TotalSeconds:0} s";
            var output = container.LastOutput;
            await container.DisposeAsync();
            throw new ContainerException($"the environment server of '{environment}' {what}; it printed: {(output.Length > 0 ? output : "nothing")}");
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Information, "environment '{Environment}' runs in container {Container}")]
    private partial void Started(string environment, string container);
}
