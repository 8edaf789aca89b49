using SandQueue.FaultRuns.Farm;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Kills environment servers, and lets them hang. Their worker has to find out and put it right.</summary>
internal sealed class ContainerFaults(FaultFarm farm, Random random) : IPartFaults
{
    public IReadOnlyDictionary<FaultKind, int> Weights { get; } = new Dictionary<FaultKind, int> { [FaultKind.ContainerKilled] = 4, [FaultKind.ContainerHangs] = 3 };

    public async Task<BegunFault?> BeginAsync(FaultKind kind)
    {
        if (kind == FaultKind.ContainerKilled) return await SignalAsync("KILL");
        if (random.Next(2) == 0 && await farm.Servers.PauseAsync(random)) return new BegunFault("paused by the engine", Task.CompletedTask);
        return await SignalAsync("STOP");
    }

    private async Task<BegunFault?> SignalAsync(string signal)
    {
        var processes = await farm.Servers.ProcessesAsync();
        if (processes.Count == 0 || !await FarmProgram.SignalAsync(processes[random.Next(processes.Count)], signal)) return null;
        return new BegunFault(signal, Task.CompletedTask);
    }
}
