using Microsoft.Extensions.Logging;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>
/// The containers of one environment: gives instances a slot, starts as many containers as those who wait need, and
/// recycles one at a time. <see cref="PoolUpkeep"/> does what time brings.
/// </summary>
internal sealed class ContainerPool : IAsyncDisposable
{
    private readonly EnvironmentOptions _options;
    private readonly TimeProvider _time;
    private readonly ContainerStarter _starter;
    private readonly ContainerLifecycle _lifecycle;
    private readonly SlotAllocator _slots;
    private readonly IsolatedContainers _isolated;
    private readonly ContainerQuarantine _quarantine;
    private Task? _upkeep;

    public ContainerPool(
        string environment, EnvironmentOptions options, IRuntime runtime, IEnvironmentProtocol protocol, TimeProvider time, ILogger<ContainerPool> log)
    {
        (Environment, Protocol, _options, _time) = (environment, protocol, options, time);
        Maturity = new EnvironmentMaturity(environment, options, log);
        var containers = new ContainerSet(options);
        var backoff = new StartBackoff();
        _starter = new ContainerStarter(environment, options, runtime, protocol, time, log);
        _lifecycle = new ContainerLifecycle(environment, _starter, log);
        _slots = new SlotAllocator(options, containers, _lifecycle, new ContainerRecycling(environment, options, containers, time, log), backoff, time);
        _isolated = new IsolatedContainers(_slots, _starter, _lifecycle);
        _quarantine = new ContainerQuarantine(_slots, _starter, _lifecycle, time);
        Upkeep = new PoolUpkeep(environment, options, _slots, _starter, backoff, time, log);
    }

    public string Environment { get; }

    public IEnvironmentProtocol Protocol { get; }

    /// <summary>What its servers say of the environment, once <see cref="DescribeAsync"/> asked the first.</summary>
    public EnvironmentTraits Traits { get; private set; } = EnvironmentTraits.Unknown;

    /// <summary>Whether <see cref="Traits"/> are known.</summary>
    public bool IsDescribed => _upkeep is not null;

    /// <summary>
    /// Whether instances are rebuilt from checkpoints. Not where an evaluation changes the state: it would be run twice, by
    /// the checkpoint and by the replay of what came after its step.
    /// </summary>
    public bool HasCheckpoints => _options.CheckpointEvery > 0 && Traits is { Replayable: true, EvaluateChangesState: false };

    /// <summary>Steps between two checkpoints of an instance.</summary>
    public int CheckpointEvery => _options.CheckpointEvery;

    /// <summary>Whether what the environment does not survive is its own failure or the agent's doing.</summary>
    public EnvironmentMaturity Maturity { get; }

    /// <summary>Instances that all its containers together could hold.</summary>
    public long MostInstances => (long)_options.MaxContainers * _options.InstancesPerContainer;

    /// <inheritdoc cref="SlotAllocator.FreeSlots"/>
    public int FreeSlots => _slots.FreeSlots;

    /// <summary>The clock of all its limits.</summary>
    internal TimeProvider Time => _time;

    /// <summary>Looks after the pool, by itself from the first <see cref="DescribeAsync"/> on.</summary>
    internal PoolUpkeep Upkeep { get; }

    /// <summary>Starts the first container, asks what it serves, a JSON object, and from then on keeps the minimum running.</summary>
    /// <exception cref="ContainerException">It could not be started, or does not say what it serves.</exception>
    public async Task<ReadOnlyMemory<byte>> DescribeAsync(CancellationToken cancellationToken)
    {
        using var slot = SlotIn(await _slots.TakeAsync(recovery: true, tenant: null, cancellationToken));
        var description = await _starter.DescribeAsync(slot.Container, cancellationToken);
        Traits = EnvironmentTraits.Read(description);
        _upkeep ??= Upkeep.RunAsync(_lifecycle.Stopping);
        return description;
    }

    /// <summary>Waits for capacity and gives an instance its slot in a healthy container.</summary>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <param name="recovery">
    /// Whether the instance was made before: it may take the slots reserved for recovery, and takes precedence over new ones.
    /// </param>
    /// <param name="tenant">Whom the instance belongs to: no tenant gets one of the last tenth of the slots while another waits that has fewer.</param>
    /// <exception cref="OperationCanceledException">No slot became free in time.</exception>
    /// <exception cref="ContainerException">No container could be started.</exception>
    public async Task<ContainerSlot> AcquireAsync(CancellationToken cancellationToken, bool recovery = false, string? tenant = null)
    {
        var container = await _slots.TakeAsync(recovery, tenant, cancellationToken);
        _slots.Served(container);
        return SlotIn(container, tenant);
    }

    /// <summary>A slot for a new instance where one is free in a running container and nobody waits for it; else null.</summary>
    /// <param name="tenant">Whom the instance belongs to.</param>
    public ContainerSlot? TryAcquire(string tenant)
    {
        if (_slots.TryTake(tenant) is not { } container) return null;
        _slots.Served(container);
        return SlotIn(container, tenant);
    }

    /// <summary>Starts a container for one instance alone. It ends when its slot is disposed.</summary>
    /// <exception cref="ContainerException">It could not be started.</exception>
    public async Task<ContainerSlot> StartIsolatedAsync(CancellationToken cancellationToken) => SlotIn(await _isolated.StartAsync(cancellationToken));

    /// <summary>A healthy container, for calls that belong to no instance.</summary>
    /// <exception cref="ContainerException">None runs and none could be started.</exception>
    public async Task<IContainer> AnyAsync(CancellationToken cancellationToken)
    {
        if (_slots.FindRunning() is { } running) return running.Container;
        using var slot = SlotIn(await _slots.TakeAsync(recovery: true, tenant: null, cancellationToken));
        return slot.Container;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_slots.Stop()) return;
        if (_upkeep is not null) await _upkeep;
        await SettleAsync();
        _lifecycle.Dispose();
    }

    /// <summary>Completes when no start and no end of a container is under way.</summary>
    internal Task SettleAsync() => _lifecycle.SettleAsync();

    /// <summary>Its containers, as they are published.</summary>
    internal List<WorkerContainer> Describe()
    {
        var runs = _options.Runs;
        return _slots.ReadAll(container => new WorkerContainer(
            container.Container.Id, Environment, runs, container.State, container.Instances, container.Served, container.ReadyAt.ToUnixTimeMilliseconds()));
    }

    /// <inheritdoc cref="SlotAllocator.Snapshot"/>
    internal IReadOnlyList<PooledContainer> Snapshot() => _slots.Snapshot();

    /// <summary>Makes an instance in a container; its calls are limited and counted.</summary>
    internal async Task<IEnvironmentInstance> CreateAsync(PooledContainer container, NewInstance request, CancellationToken cancellationToken) =>
        LimitedEnvironmentInstance.Of(
            await Protocol.CreateAsync(container.Container, request, cancellationToken), new LimitedCalls(_options.CallTimeout, _time, container.Calls));

    internal void Leave(PooledContainer container, string? tenant)
    {
        _slots.Leave(container, tenant);
        if (container.IsIsolated) _isolated.Left();
    }

    internal void MarkDue(PooledContainer container, string reason) => _slots.MarkDue(container, reason);

    internal void Quarantine(PooledContainer container) => _quarantine.Add(container);

    private ContainerSlot SlotIn(PooledContainer container, string? tenant = null) => new(this, container, tenant);
}
