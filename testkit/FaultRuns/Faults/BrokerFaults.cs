using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Restarts the broker, where it is ours.</summary>
internal sealed class BrokerFaults(FaultFarm farm) : IPartFaults
{
    public IReadOnlyDictionary<FaultKind, int> Weights { get; } = farm.Rabbit.IsOurs ? new Dictionary<FaultKind, int> { [FaultKind.BrokerRestarted] = 1 } : [];

    public Task<BegunFault?> BeginAsync(FaultKind kind) => Task.FromResult<BegunFault?>(new BegunFault("", RestartAsync()));

    private async Task RestartAsync()
    {
        await farm.Rabbit.StopAsync();
        await farm.Rabbit.RunAsync();
    }
}
