using System.Collections.Concurrent;
using System.Diagnostics;
using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Draws faults and lets them happen, one every few seconds. What a fault breaks is put right after a while, meanwhile others begin.</summary>
internal sealed class FaultPlan
{
    private readonly FaultFarm _farm;
    private readonly FaultRunOptions _options;
    private readonly Action<string> _say;
    private readonly Random _random;
    private readonly List<(FaultKind Kind, int Weight, IPartFaults Part)> _kinds;
    private readonly List<Task> _healing = [];
    private readonly ConcurrentQueue<FaultSpan> _spans = new();

    /// <param name="farm">What is broken.</param>
    /// <param name="options">How large the run is.</param>
    /// <param name="load">The faults that callers are.</param>
    /// <param name="random">Decides all faults.</param>
    /// <param name="say">Gets what happens, a line each.</param>
    public FaultPlan(FaultFarm farm, FaultRunOptions options, IPartFaults load, Random random, Action<string> say)
    {
        (_farm, _options, _random, _say) = (farm, options, random, say);
        IPartFaults[] parts =
        [
            new WorkerFaults(farm, options.Lease, random, DrainFindings), new GatewayFaults(farm, random), new ContainerFaults(farm, random), new BrokerFaults(farm), new DatabaseFaults(farm, random), load,
        ];
        _kinds = [.. parts.SelectMany(part => part.Weights.Select(weight => (weight.Key, weight.Value, part)))];
    }

    /// <summary>Every fault, once it is over.</summary>
    public IReadOnlyCollection<FaultSpan> Spans => _spans;

    /// <summary>Programs that ended though nobody killed them, with what they printed last.</summary>
    public ConcurrentQueue<string> Deserted { get; } = new();

    /// <summary>Drains that took too long or ended with a failure.</summary>
    public ConcurrentQueue<string> DrainFindings { get; } = new();

    /// <summary>Begins faults until <paramref name="stop"/>, but each kind at least once; returns when all of them are over.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        var missing = _kinds.Select(kind => kind.Kind).OrderBy(_ => _random.Next()).ToList();
        while (!stop.IsCancellationRequested || missing.Count > 0)
        {
            await PauseAsync(missing.Count > 0 ? cancellationToken : stop);
            cancellationToken.ThrowIfCancellationRequested();
            if (stop.IsCancellationRequested && missing.Count == 0) break;
            StartDeserted();
            var kind = missing.Count > 0 ? missing[_random.Next(missing.Count)] : Draw();
            if (await BeginAsync(kind)) missing.Remove(kind);
        }

        await Task.WhenAll(_healing);
        StartDeserted();
    }

    /// <summary>Starts what ended by itself again, as whatever supervises a farm does.</summary>
    public void StartDeserted()
    {
        foreach (var worker in _farm.Workers.Where(worker => !worker.Busy && worker.Program.HasExited))
        {
            Deserted.Enqueue($"worker {worker.Number} ended by itself: {worker.Program.LastOutput}");
            worker.Start();
        }

        foreach (var gateway in _farm.Gateways.Where(gateway => !gateway.Busy && gateway.Program.HasExited))
        {
            Deserted.Enqueue($"gateway {gateway.Address.Port} ended by itself: {gateway.Program.LastOutput}");
            gateway.Start();
        }
    }

    /// <returns>False where nothing was there to break.</returns>
    private async Task<bool> BeginAsync(FaultKind kind)
    {
        var began = Stopwatch.GetTimestamp();
        if (await _kinds.Find(one => one.Kind == kind).Part.BeginAsync(kind) is not { } fault) return false;
        _say($"{kind} {fault.Words}");
        var over = EndAsync();
        _healing.Add(over);

        // Without a broker nothing moves, so faults on top of that would hit nothing.
        if (kind == FaultKind.BrokerRestarted) await over;
        return true;

        async Task EndAsync()
        {
            await fault.Over;
            _spans.Enqueue(new FaultSpan(kind, began, Stopwatch.GetTimestamp()));
        }
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(_options.Pause.Shortest + (_options.Pause.Longest - _options.Pause.Shortest) * _random.NextDouble(), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // No fault is drawn any more.
        }
    }

    private FaultKind Draw()
    {
        var drawn = _random.Next(_kinds.Sum(kind => kind.Weight));
        foreach (var (kind, weight, _) in _kinds)
        {
            if ((drawn -= weight) < 0) return kind;
        }

        throw new UnreachableException();
    }
}
