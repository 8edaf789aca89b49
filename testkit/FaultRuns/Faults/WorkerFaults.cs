using System.Collections.Concurrent;
using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Kills, stops and drains workers, and breaks what leads from one to the broker and the database.</summary>
internal sealed class WorkerFaults(FaultFarm farm, TimeSpan lease, Random random, ConcurrentQueue<string> findings) : IPartFaults
{
    /// <summary>What a worker's shutdown may take, and as much again for processors that are busy.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<FaultKind, (int Weight, Func<WorkerSeat, TimeSpan, Task> Fault)> _faults = Kinds(farm, lease, findings);

    public IReadOnlyDictionary<FaultKind, int> Weights => _faults.ToDictionary(fault => fault.Key, fault => fault.Value.Weight);

    /// <summary>One worker at least is always left alone.</summary>
    public Task<BegunFault?> BeginAsync(FaultKind kind)
    {
        var free = farm.Workers.Where(worker => !worker.Busy && !worker.Program.HasExited).ToList();
        if (free.Count < 2) return Task.FromResult<BegunFault?>(null);
        var seat = free[random.Next(free.Count)];
        var length = TimeSpan.FromSeconds(1 + random.Next(6));
        seat.Busy = true;
        return Task.FromResult<BegunFault?>(new BegunFault($"worker {seat.Number}", RunAsync()));

        async Task RunAsync()
        {
            await _faults[kind].Fault(seat, length);
            seat.Busy = false;
        }
    }

    private static Dictionary<FaultKind, (int, Func<WorkerSeat, TimeSpan, Task>)> Kinds(FaultFarm farm, TimeSpan lease, ConcurrentQueue<string> findings)
    {
        var faults = new Dictionary<FaultKind, (int, Func<WorkerSeat, TimeSpan, Task>)>
        {
            [FaultKind.WorkerKilled] = (4, KillAsync),
            [FaultKind.WorkerStopped] = (3, (seat, length) => StopAsync(seat, lease + length)),
            [FaultKind.WorkerDrained] = (3, (seat, length) => DrainAsync(seat, length, findings)),

            // Half of the cuts are noticed by both sides at once, half by nobody.
            [FaultKind.BrokerLineCut] = (3, (seat, length) => BreakAsync(length * 2, length.TotalSeconds % 2 == 0 ? seat.BrokerLine.Cut : seat.BrokerLine.Freeze, seat.BrokerLine.Restore)),
            [FaultKind.DatabaseLineFrozen] = (2, (seat, length) => BreakAsync(length * 3, seat.DatabaseLine.Freeze, seat.DatabaseLine.Restore)),
            [FaultKind.DatabaseLineCut] = (2, (seat, length) => BreakAsync(length * 3, seat.DatabaseLine.Cut, seat.DatabaseLine.Restore)),
        };
        if (farm.HasRoles) faults[FaultKind.DatabaseRefusesWorker] = (2, (seat, length) => RefuseAsync(farm, seat, length * 3));
        return faults;
    }

    private static async Task KillAsync(WorkerSeat seat, TimeSpan length)
    {
        await seat.Program.KillAsync();
        await Task.Delay(length);
        seat.Start();
    }

    /// <summary>For longer than its lease: it has to notice that it owns nothing any more.</summary>
    private static async Task StopAsync(WorkerSeat seat, TimeSpan length)
    {
        await seat.Program.SignalAsync("STOP");
        await Task.Delay(length);
        await seat.Program.SignalAsync("CONT");
    }

    private static async Task DrainAsync(WorkerSeat seat, TimeSpan length, ConcurrentQueue<string> findings)
    {
        // One that has only begun to start has nothing to drain, and may end before it listens to signals.
        var serves = seat.Program.Output.Any(line => line.Contains(" serves ", StringComparison.Ordinal));
        await seat.Program.SignalAsync("TERM");
        try
        {
            if (await seat.Program.ExitCodeAsync(DrainLimit) is not 0 and var code && serves) findings.Enqueue($"worker {seat.Number} was asked to drain and ended with {code}: {seat.Program.LastOutput}");
        }
        catch (TimeoutException)
        {
            findings.Enqueue($"worker {seat.Number} was asked to drain and ran on after {DrainLimit.TotalSeconds:0} s: {seat.Program.LastOutput}");
            await seat.Program.KillAsync();
        }

        await Task.Delay(length);
        seat.Start();
    }

    private static async Task BreakAsync(TimeSpan length, Action fault, Action restore)
    {
        fault();
        await Task.Delay(length);
        restore();
    }

    private static async Task RefuseAsync(FaultFarm farm, WorkerSeat seat, TimeSpan length)
    {
        await DatabaseRoles.RefuseAsync(farm.Postgres, seat.Role!);
        await Task.Delay(length);
        await DatabaseRoles.AdmitAsync(farm.Postgres, seat.Role!);
    }
}
