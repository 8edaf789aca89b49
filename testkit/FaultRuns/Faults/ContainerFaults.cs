using System.Diagnostics;
using SandQueue.FaultRuns.Farm;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Kills environment servers, and lets them hang. Their worker has to find out and put it right.</summary>
internal sealed class ContainerFaults(FaultFarm farm, Random random) : IPartFaults
{
    /// <summary>Above the limit of a call, and above a health check's pause and limit: an unnoticed hang is one that nobody met.</summary>
    private static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public IReadOnlyDictionary<FaultKind, int> Weights { get; } = new Dictionary<FaultKind, int> { [FaultKind.ContainerKilled] = 4, [FaultKind.ContainerHangs] = 3 };

    public async Task<BegunFault?> BeginAsync(FaultKind kind)
    {
        if (kind == FaultKind.ContainerKilled) return await SignalAsync("KILL", _ => Task.CompletedTask);
        if (random.Next(2) == 0 && await farm.Servers.PauseAsync(random) is { } paused) return new BegunFault("paused by the engine", NoticedAsync(paused));
        return await SignalAsync("STOP", NoticedAsync);
    }

    private async Task<BegunFault?> SignalAsync(string signal, Func<int, Task> over)
    {
        var processes = await farm.Servers.ProcessesAsync();
        if (processes.Count == 0) return null;
        var process = processes[random.Next(processes.Count)];
        return await FarmProgram.SignalAsync(process, signal) ? new BegunFault(signal, over(process)) : null;
    }

    /// <summary>A server that hangs does so until its worker has noticed and ended it.</summary>
    private static async Task NoticedAsync(int process)
    {
        var began = Stopwatch.GetTimestamp();
        while (Directory.Exists($"/proc/{process}") && Stopwatch.GetElapsedTime(began) < LongestHang) await Task.Delay(Pause);
    }
}
