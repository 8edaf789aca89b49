using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>
/// Kills gateways, but for the last one, which serves the callers that hang up: a gateway that is killed cannot cancel their Creates, and without
/// name and key nobody else can.
/// </summary>
internal sealed class GatewayFaults(FaultFarm farm, Random random) : IPartFaults
{
    public IReadOnlyDictionary<FaultKind, int> Weights { get; } = new Dictionary<FaultKind, int> { [FaultKind.GatewayKilled] = 3 };

    public Task<BegunFault?> BeginAsync(FaultKind kind)
    {
        var free = farm.Gateways.SkipLast(1).Where(gateway => !gateway.Busy && !gateway.Program.HasExited).ToList();
        if (free.Count == 0) return Task.FromResult<BegunFault?>(null);
        var seat = free[random.Next(free.Count)];
        var length = TimeSpan.FromSeconds(1 + random.Next(4));
        seat.Busy = true;
        return Task.FromResult<BegunFault?>(new BegunFault($"gateway {seat.Address.Port}", RunAsync()));

        async Task RunAsync()
        {
            await seat.Program.KillAsync();
            await Task.Delay(length);
            seat.Start();
            seat.Busy = false;
        }
    }
}
