using Microsoft.Extensions.Logging;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>
/// The containers of one environment: gives instances a place, starts as many containers as those who wait need, and
/// recycles one at a time. <see cref="PoolUpkeep"/> does what time brings.
/// </summary>
internal sealed partial class ContainerPool : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PooledContainer> _containers = [];
    private readonly LinkedList<Waiting> _waiting = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PendingWork _work = new();
    private readonly EnvironmentOptions _options;
    private readonly ContainerStarter _starter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private Task? _keeping;
    private int _starting;

    public ContainerPool(
        string environment, EnvironmentOptions options, IRuntime runtime, IEnvironmentProtocol protocol, TimeProvider time, ILogger<ContainerPool> log)
    {
        (Environment, Protocol, _options, _time, _log) = (environment, protocol, options, time, log);
        _starter = new ContainerStarter(environment, options, runtime, protocol, time, log);
        Upkeep = new PoolUpkeep(this, options, _starter, time, log);
    }

    public string Environment { get; }

    public IEnvironmentProtocol Protocol { get; }

    /// <summary>What its servers say of the environment, once <see cref="DescribeAsync"/> asked the first.</summary>
    public EnvironmentTraits Traits { get; private set; } = EnvironmentTraits.Unknown;

    /// <summary>
    /// Whether instances are rebuilt from checkpoints. Not where an evaluation changes the state: it would be run twice, by
    /// the checkpoint and by the replay of what came after its step.
    /// </summary>
    public bool HasCheckpoints => _options.CheckpointEvery > 0 && Traits is { Replayable: true, EvaluateChangesState: false };

    /// <summary>Steps between two checkpoints of an instance.</summary>
    public int CheckpointEvery => _options.CheckpointEvery;

    /// <summary>Instances that still find a place, in containers that run or that may be started.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_lock) return (int)Math.Clamp(Places() - _options.SlotsForRecovery - _waiting.Count, 0, int.MaxValue);
        }
    }

    /// <summary>Starts the first container, asks what it serves, a JSON object, and from then on keeps the minimum running.</summary>
    /// <exception cref="ContainerException">It could not be started.</exception>
    public async Task<ReadOnlyMemory<byte>> DescribeAsync(CancellationToken cancellationToken)
    {
        using var slot = new ContainerSlot(this, await PlaceAsync(recovery: true, cancellationToken));
        var description = await DescribeAsync(slot.Container, cancellationToken);
        Traits = EnvironmentTraits.Read(description);
        _keeping ??= Upkeep.RunAsync(_stopping.Token);
        return description;
    }

    private async Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.StartTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await Protocol.DescribeAsync(container, Environment, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerException($"the environment server of '{Environment}' did not say what it serves within {_options.StartTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>Waits for room and gives an instance its place in a healthy container.</summary>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <param name="recovery">
    /// Whether the instance was made before: it has the places that no new one may take, and goes before those that wait.
    /// </param>
    /// <exception cref="OperationCanceledException">There was no room in time.</exception>
    /// <exception cref="ContainerException">No container could be started.</exception>
    public async Task<ContainerSlot> AcquireAsync(CancellationToken cancellationToken, bool recovery = false)
    {
        var container = await PlaceAsync(recovery, cancellationToken);
        lock (_lock)
        {
            if (++container.Served >= _options.Recycling.AfterInstances) container.Due ??= $"it has served {container.Served} instances";
            RetireDue();
        }

        return new ContainerSlot(this, container);
    }

    /// <summary>A healthy container, for calls that belong to no instance.</summary>
    /// <exception cref="ContainerException">None runs and none could be started.</exception>
    public async Task<IContainer> AnyAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_containers.Find(container => container.TakesInstances) is { } running) return running.Container;
        }

        using var slot = new ContainerSlot(this, await PlaceAsync(recovery: true, cancellationToken));
        return slot.Container;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
            FailWaiting(_waiting.Count, new ContainerException("the worker is stopping"));
            foreach (var container in _containers.ToList()) End(container);
        }

        if (_keeping is not null) await _keeping;
        await SettleAsync();
        _stopping.Dispose();
        _isolated.Dispose();
    }

    /// <summary>Looks after it, by itself from the first <see cref="DescribeAsync"/> on.</summary>
    internal PoolUpkeep Upkeep { get; }

    /// <summary>Completes when no start and no end of a container is under way.</summary>
    internal Task SettleAsync() => _work.DrainAsync();

    /// <summary>Makes an instance in a container; its calls are limited and counted.</summary>
    internal async Task<IEnvironmentInstance> CreateAsync(PooledContainer container, NewInstance request, CancellationToken cancellationToken) =>
        LimitedEnvironmentInstance.Of(
            await Protocol.CreateAsync(container.Container, request, cancellationToken), new LimitedCalls(_options.CallTimeout, _time, container.Calls));

    internal void Leave(PooledContainer container)
    {
        lock (_lock)
        {
            if (--container.Instances == 0) container.EmptySince = _time.GetTimestamp();
            if (container.IsIsolated) _isolated.Release();
            RetireDue();
            ServeWaiting();
        }
    }

    /// <summary>A container that has exited, does not answer or is not needed any more.</summary>
    internal void Drop(PooledContainer container)
    {
        lock (_lock)
        {
            if (!_containers.Contains(container)) return;
            End(container);
            RetireDue();
            ServeWaiting();
        }
    }

    private async Task<PooledContainer> PlaceAsync(bool recovery, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiting> waiting;
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested) throw new ContainerException("the worker is stopping");
            if (TakePlace(recovery) is { } place) return place;

            cancellationToken.ThrowIfCancellationRequested();
            waiting = Enqueue(new Waiting(recovery));
            StartForWaiting();
        }

        await using (cancellationToken.UnsafeRegister(_ => GiveUp(waiting, cancellationToken), null))
        {
            return await waiting.Value.Place.Task;
        }
    }

    private LinkedListNode<Waiting> Enqueue(Waiting waiting)
    {
        var next = _waiting.First;
        while (waiting.IsRecovery && next is { Value.IsRecovery: true }) next = next.Next;
        return waiting.IsRecovery && next is not null ? _waiting.AddBefore(next, waiting) : _waiting.AddLast(waiting);
    }

    private void GiveUp(LinkedListNode<Waiting> waiting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Out of the list already: it got its place, or its failure, at the same moment.
            if (waiting.List is null) return;
            _waiting.Remove(waiting);
            waiting.Value.Place.SetCanceled(cancellationToken);
        }
    }

    /// <summary>The emptiest container, so that instances spread over processors.</summary>
    private PooledContainer? TakePlace(bool recovery)
    {
        if (!recovery && Places() <= _options.SlotsForRecovery) return null;
        var emptiest = _containers
            .Where(container => container.TakesInstances && container.Instances < _options.InstancesPerContainer)
            .MinBy(container => container.Instances);
        if (emptiest is not null) emptiest.Instances++;
        return emptiest;
    }

    private void ServeWaiting()
    {
        while (_waiting.First is { } first && TakePlace(first.Value.IsRecovery) is { } place)
        {
            _waiting.RemoveFirst();
            first.Value.Place.SetResult(place);
        }

        StartForWaiting();
    }

    private void StartForWaiting()
    {
        var uncovered = _waiting.Count - (long)_starting * _options.InstancesPerContainer;
        if (uncovered <= 0) return;
        var needed = (uncovered + _options.InstancesPerContainer - 1) / _options.InstancesPerContainer;
        Start((int)Math.Min(needed, _options.MaxContainers - Running()));
    }

    /// <summary>Instances that all containers together could still hold, those to be started included.</summary>
    private long Places() =>
        (long)_options.MaxContainers * _options.InstancesPerContainer
        - _containers.Where(container => container.TakesInstances).Sum(container => (long)container.Instances);

    /// <summary>Containers that take instances or soon will.</summary>
    private int Running() => _starting + _containers.Count(container => container.TakesInstances);

    private void Start(int count)
    {
        for (; count > 0 && !_stopping.IsCancellationRequested; count--)
        {
            _starting++;
            _work.Run(StartOneAsync);
        }
    }

    private async Task StartOneAsync()
    {
        try
        {
            var container = await _starter.StartAsync(_stopping.Token);
            lock (_lock)
            {
                _starting--;
                _containers.Add(container);
                Upkeep.StartSucceeded();
                if (_stopping.IsCancellationRequested) End(container);
                else ServeWaiting();
            }

            container.Container.Exited.UnsafeRegister(_ => Drop(container), null);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            lock (_lock) _starting--;
        }
        catch (ContainerException exception)
        {
            NotStarted(Environment, exception.Message);
            lock (_lock)
            {
                _starting--;
                Upkeep.StartFailed();
                var uncovered = _waiting.Count - (long)_starting * _options.InstancesPerContainer;
                FailWaiting((int)Math.Clamp(uncovered, 0, _options.InstancesPerContainer), exception);
                StartForWaiting();
            }
        }
    }

    private void FailWaiting(int count, ContainerException failure)
    {
        for (; count > 0 && _waiting.First is { } first; count--)
        {
            _waiting.RemoveFirst();
            first.Value.Place.SetException(new ContainerException(failure.Message, failure));
        }
    }

    /// <summary>Takes a container out and ends it beside.</summary>
    private void End(PooledContainer container)
    {
        _containers.Remove(container);
        _work.Run(async () =>
        {
            try
            {
                await container.Container.DisposeAsync();
            }
            catch (Exception exception) when (exception is ContainerException or IOException or TimeoutException or InvalidOperationException)
            {
                NotEnded(container.Container.Id, exception.Message);
            }
        });
    }

    /// <summary>One that waits for a place.</summary>
    private sealed class Waiting(bool isRecovery)
    {
        public bool IsRecovery => isRecovery;

        public TaskCompletionSource<PooledContainer> Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(LogLevel.Warning, "no further container of '{Environment}': {Reason}")]
    private partial void NotStarted(string environment, string reason);

    [LoggerMessage(LogLevel.Warning, "container {Container} could not be removed; a later sweep will: {Reason}")]
    private partial void NotEnded(string container, string reason);
}
