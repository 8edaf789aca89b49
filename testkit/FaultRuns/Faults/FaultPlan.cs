using System.Collections.Concurrent;
using SandQueue.FaultRuns.Farm;
using SandQueue.Storage.Model;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Draws faults and lets them happen, one every few seconds. What a fault breaks is put right after a while, meanwhile others begin.</summary>
internal sealed class FaultPlan(FaultFarm farm, FaultRunOptions options, Action<string> say)
{
    /// <summary>Restarts of broker and database stop everything for seconds, so they come up less often.</summary>
    private static readonly (FaultKind Kind, int Weight)[] Weights =
    [
        (FaultKind.WorkerKilled, 4), (FaultKind.GatewayKilled, 3), (FaultKind.ContainerKilled, 4), (FaultKind.WorkerStopped, 3),
        (FaultKind.BrokerRestarted, 1), (FaultKind.DatabaseRestarted, 2), (FaultKind.ContainerHangs, 3), (FaultKind.LineCut, 3),
    ];

    private readonly Random _random = new(options.Seed);
    private readonly List<Task> _healing = [];
    private bool _broker;
    private bool _database;

    public ConcurrentDictionary<FaultKind, int> Counts { get; } = new();

    /// <summary>Programs that ended though nobody killed them, with what they printed last.</summary>
    public ConcurrentQueue<string> Deserted { get; } = new();

    /// <summary>Begins faults until <paramref name="stop"/>, but each kind at least once; returns when all of them are over.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        var kinds = Enum.GetValues<FaultKind>().Where(IsPossible).OrderBy(_ => _random.Next()).ToList();
        while (!stop.IsCancellationRequested || kinds.Count > 0)
        {
            await PauseAsync(kinds.Count > 0 ? cancellationToken : stop);
            cancellationToken.ThrowIfCancellationRequested();
            if (stop.IsCancellationRequested && kinds.Count == 0) break;
            StartDeserted();
            var kind = kinds.Count > 0 ? kinds[_random.Next(kinds.Count)] : Draw();
            if (await BeginAsync(kind) is not { } healing) continue;
            kinds.Remove(kind);
            Counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
            _healing.Add(healing);
        }

        await Task.WhenAll(_healing);
        StartDeserted();
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(options.Pause.Shortest + (options.Pause.Longest - options.Pause.Shortest) * _random.NextDouble(), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // No fault is drawn any more.
        }
    }

    /// <summary>A broker and a database that somebody named are not ours to restart.</summary>
    private bool IsPossible(FaultKind kind) => kind switch
    {
        FaultKind.BrokerRestarted => farm.Rabbit.IsOurs,
        FaultKind.DatabaseRestarted => farm.Postgres.IsOurs,
        _ => true,
    };

    /// <summary>Starts what ended by itself again, as whatever supervises a farm does.</summary>
    public void StartDeserted()
    {
        foreach (var worker in farm.Workers.Where(worker => !worker.Busy && worker.Program.HasExited))
        {
            Deserted.Enqueue($"worker {worker.Number} ended by itself: {worker.Program.LastOutput}");
            worker.Start();
        }

        foreach (var gateway in farm.Gateways.Where(gateway => !gateway.Busy && gateway.Program.HasExited))
        {
            Deserted.Enqueue($"gateway {gateway.Address.Port} ended by itself: {gateway.Program.LastOutput}");
            gateway.Start();
        }
    }

    private FaultKind Draw()
    {
        var drawn = _random.Next(Weights.Sum(weight => weight.Weight));
        foreach (var (kind, weight) in Weights)
        {
            if ((drawn -= weight) < 0) return kind;
        }

        throw new InvalidOperationException("the weights do not add up");
    }

    /// <returns>Its end; null where nothing was there to break.</returns>
    private async Task<Task?> BeginAsync(FaultKind kind)
    {
        switch (kind)
        {
            case FaultKind.WorkerKilled: return Worker(kind, KillWorkerAsync);
            case FaultKind.WorkerStopped: return Worker(kind, StopWorkerAsync);
            case FaultKind.LineCut: return Worker(kind, CutLineAsync);
            case FaultKind.GatewayKilled: return Gateway();
            case FaultKind.ContainerKilled: return await SignalServerAsync(kind, "KILL");
            case FaultKind.ContainerHangs:
                if (_random.Next(2) == 0 && await farm.Servers.PauseAsync(_random))
                {
                    say($"{kind} (paused by the engine)");
                    return Task.CompletedTask;
                }

                return await SignalServerAsync(kind, "STOP");
            case FaultKind.BrokerRestarted:
                if (_broker || !IsPossible(kind)) return null;
                _broker = true;
                say($"{kind}");

                // Without a broker nothing moves, so faults on top of it would hit nothing: it is waited for.
                await RestartBrokerAsync();
                return Task.CompletedTask;
            default:
                if (_database || !IsPossible(kind)) return null;
                _database = true;
                say($"{kind}");
                return RestartDatabaseAsync();
        }
    }

    /// <summary>One worker at least is always left alone.</summary>
    private Task? Worker(FaultKind kind, Func<WorkerSeat, TimeSpan, Task> fault)
    {
        var free = farm.Workers.Where(worker => !worker.Busy && !worker.Program.HasExited).ToList();
        if (free.Count < 2) return null;
        var seat = free[_random.Next(free.Count)];
        var length = TimeSpan.FromSeconds(1 + _random.Next(6));
        seat.Busy = true;
        say($"{kind} {seat.Number}");
        return RunAsync();

        async Task RunAsync()
        {
            await fault(seat, length);
            seat.Busy = false;
        }
    }

    private static async Task KillWorkerAsync(WorkerSeat seat, TimeSpan length)
    {
        await seat.Program.KillAsync();
        await Task.Delay(length);
        seat.Start();
    }

    /// <summary>For longer than its lease: it has to notice that it owns nothing any more.</summary>
    private async Task StopWorkerAsync(WorkerSeat seat, TimeSpan length)
    {
        await seat.Program.SignalAsync("STOP");
        await Task.Delay(options.Lease + length);
        await seat.Program.SignalAsync("CONT");
    }

    /// <summary>Half of the cuts are noticed by both sides at once, half by nobody.</summary>
    private async Task CutLineAsync(WorkerSeat seat, TimeSpan length)
    {
        if (length.TotalSeconds % 2 == 0) seat.Line.Cut();
        else seat.Line.Freeze();
        await Task.Delay(length * 2);
        seat.Line.Restore();
    }

    private Task? Gateway()
    {
        var free = farm.Gateways.Where(gateway => !gateway.Busy && !gateway.Program.HasExited).ToList();
        if (free.Count < 2 && farm.Gateways.Count > 1) return null;
        var seat = free[_random.Next(free.Count)];
        var length = TimeSpan.FromSeconds(1 + _random.Next(4));
        seat.Busy = true;
        say($"{FaultKind.GatewayKilled} {seat.Address.Port}");
        return RunAsync();

        async Task RunAsync()
        {
            await seat.Program.KillAsync();
            await Task.Delay(length);
            seat.Start();
            seat.Busy = false;
        }
    }

    private async Task<Task?> SignalServerAsync(FaultKind kind, string signal)
    {
        var processes = await farm.Servers.ProcessesAsync();
        if (processes.Count == 0 || !await FarmProgram.SignalAsync(processes[_random.Next(processes.Count)], signal)) return null;
        say($"{kind} ({signal})");
        return Task.CompletedTask;
    }

    private async Task RestartBrokerAsync()
    {
        await farm.Rabbit.StopAsync();
        await farm.Rabbit.RunAsync();
        _broker = false;
    }

    private async Task RestartDatabaseAsync()
    {
        await farm.Postgres.StopAsync();
        await farm.Postgres.RunAsync();
        _database = false;
    }
}
